#include "filters/http/router/forward.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/http/chars.h"
#include "core/http/field_list.h"
#include "core/http/hop_by_hop.h"
#include "core/upstream/local_clusters.h"
#include "filters/http/router/max_forwards.h"
#include "filters/http/router/mirror.h"

namespace weir::filters {
namespace {

using filter::EndedBy;
using filter::Phase;
using filter::Reason;
using upstream::Attempt;

constexpr std::uint64_t kMirrorTimeoutMs = 15'000;

std::uint16_t status_of(Reason why) {
  switch (why) {
    case Reason::UpstreamTimeout:
    case Reason::ConnectTimeout:
    case Reason::StarttlsRefused:
      return 504;
    case Reason::UpstreamReset:
    case Reason::UpstreamInvalid:
    case Reason::UpstreamCut:
      return 502;
    case Reason::FilterFailed:
      return 500;
    case Reason::NotSupported:
      return 403;
    default:
      return 503;
  }
}

std::uint32_t choose_cluster(const route::ToCluster& to, std::uint32_t random) {
  std::uint32_t left = random % std::max(to.total_weight, 1u);
  for (const route::WeightedCluster& cluster : to.clusters) {
    if (left < cluster.weight) return cluster.index;
    left -= cluster.weight;
  }
  return to.clusters.back().index;
}

std::string_view status_text(std::uint16_t status, Arena& arena) {
  char* const text = arena.allocate_text(3);
  std::to_chars(text, text + 3, status);
  return {text, 3};
}

}  // namespace

Forward::Forward(filter::Stream& stream, const route::Route& route,
                 const upstream::ClusterTable& clusters)
    : stream_(stream),
      route_(route),
      clusters_(clusters),
      attempt_(*this),
      rules_(route.retry, stream.request().method),
      timer_(event::Timer::of<&Forward::on_timer>(stream.reactor().loop().timers(), this)) {}

Forward::~Forward() {
  stop();
}

// --- the request ---------------------------------------------------------------------------------

void Forward::on_request(bool end) {
  if (!prepare(end)) return;
  if (end) request_complete();
  if (!stopped_) start_attempt(false);
}

bool Forward::prepare(bool end) {
  http::Request& request = stream_.request();
  route::ExchangeView& view = stream_.view();
  const auto& to = std::get<route::ToCluster>(route_.action);
  const upstream::Cluster& cluster = clusters_.at(choose_cluster(to, view.random));
  view.cluster = cluster.state().name;
  cluster_ = &stream_.reactor().local<upstream::LocalClusters>().of(cluster.state());
  if (end) request.body = http::BodyKind::None;
  if (!choose_upgrade(end)) {
    fail(Reason::NotSupported);
    return false;
  }
  if (!goes_on()) return false;
  // Values speak of the request as the client sent it.
  if (!route_.request_headers.empty()) route_.request_headers.apply(view, request.headers);
  path_ = request.path;
  authority_ = request.authority;
  if (route_.rewrite) {
    path_ = route_.rewrite->apply(path_, stream_.matched_prefix(), stream_.arena());
  }
  if (route_.rewrite_host) authority_ = route_.rewrite_host->render(view, stream_.arena());
  for (std::size_t i = 0; i < std::min<std::size_t>(route_.mirrors.size(), 64); ++i) {
    const double draw = 100.0 * stream_.reactor().random() / 4294967296.0;
    if (draw < route_.mirrors[i].percent) mirrors_ |= std::uint64_t{1} << i;
  }
  if (!request.upgrade.empty()) mirrors_ = 0;
  return true;
}

// Leaves those protocols that the route allows. What is not allowed may be ignored (RFC 9110
// section 7.8), but a client that wants a WebSocket has no use for anything else.
bool Forward::choose_upgrade(bool end) {
  http::Request& request = stream_.request();
  if (request.upgrade.empty()) return true;
  const std::string_view asked = std::exchange(request.upgrade, {});
  if (!end || request.version != http::Version::Http11) return true;
  char* const allowed = stream_.arena().allocate_text(asked.size());
  std::size_t size = 0;
  bool websocket = false;
  http::each_list_member(asked, [&](std::string_view protocol) {
    websocket = websocket || http::equals_ignoring_case(protocol, "websocket");
    for (const std::string& upgrade : route_.upgrades) {
      if (!http::equals_ignoring_case(protocol, upgrade)) continue;
      if (size > 0) allowed[size++] = ',';
      size += protocol.copy(allowed + size, protocol.size());
      return;
    }
  });
  request.upgrade = {allowed, size};
  return size > 0 || !websocket;
}

bool Forward::goes_on() {
  switch (count_forward(stream_.request())) {
    case ForwardCount::Goes:
      return true;
    case ForwardCount::Invalid:
      answer(400, Reason::BadRequest);
      return false;
    case ForwardCount::Ends:
      break;
  }
  // A TRACE is not reflected: what is in it may be secret.
  if (stream_.request().method == http::Method::Trace) {
    fail(Reason::NotSupported);
  } else {
    answer(200, Reason::Responded);
  }
  return false;
}

BodyStore& Forward::body() {
  if (body_ == nullptr) body_ = stream_.reactor().local<BodyStores>().take();
  return *body_;
}

template <typename Visit>
void Forward::take_mirrors(Visit visit) {
  for (std::size_t i = 0; i < route_.mirrors.size() && i < 64; ++i) {
    if ((mirrors_ >> i & 1) == 0) continue;
    const upstream::Cluster& cluster = clusters_.at(route_.mirrors[i].cluster_index);
    visit(stream_.reactor().local<upstream::LocalClusters>().of(cluster.state()));
  }
  mirrors_ = 0;
  mirror_body_.clear();
}

void Forward::on_request_body(Buffer& data, bool end) {
  if (stopped_) {
    data.clear();
    return;
  }
  if (tunnel_) {
    send(data, end);
    return;
  }
  if (mirrors_ != 0 && !data.empty()) {
    if (mirror_body_.size() + data.size() > kMaxReplay) {
      take_mirrors([](upstream::LocalCluster& to) { to.counters().mirrors_dropped.add(); });
    } else {
      mirror_body_.append(data.share());
    }
  }
  BodyStore& store = body();
  if (!responding_ && !replay_lost_ && !data.empty()) {
    if (store.replay.size() + data.size() > kMaxReplay) {
      replay_lost_ = true;
      store.replay.clear();
    } else {
      for (const Slice& slice : data.slices()) store.replay.append(slice);
    }
  }
  if (end) request_complete();
  if (attempt_.connection() != nullptr) {
    send(data, end);
    return;
  }
  store.pending.append(data);
  if (store.pending.size() >= kMaxReplay && !end) stream_.pause_request(true);
}

void Forward::on_request_trailers(http::HeaderMap&) {
  if (stopped_) return;
  has_trailers_ = true;
  request_complete();
  if (attempt_.connection() != nullptr) send_request_trailers();
}

void Forward::request_complete() {
  request_ended_ = true;
  const std::uint64_t now = stream_.reactor().loop().now();
  if (route_.timeout.count() != 0 && !responding_) {
    timeout_at_ = now + static_cast<std::uint64_t>(route_.timeout.count());
  }
  if (route_.retry.per_try_timeout.count() != 0 && !responding_) {
    try_ends_at_ = now + static_cast<std::uint64_t>(route_.retry.per_try_timeout.count());
  }
  if (sent_us_ != 0) sent_us_ = stream_.now_us();
  arm_timer();
  if (mirrors_ != 0) send_mirrors();
}

void Forward::send_mirrors() {
  http::Request& request = stream_.request();
  const std::string_view path = std::exchange(request.path, path_);
  const std::string_view authority = std::exchange(request.authority, authority_);
  take_mirrors([&](upstream::LocalCluster& to) {
    stream_.reactor().local<Mirrors>().send(to, request, stream_.connection(), mirror_body_.share(),
                                            kMirrorTimeoutMs);
  });
  request.path = path;
  request.authority = authority;
}

// --- attempts ------------------------------------------------------------------------------------

void Forward::start_attempt(bool fresh) {
  const std::uint64_t now = stream_.reactor().loop().now();
  attempt_began_us_ = stream_.reactor().loop().turn_us();
  body_given_ = false;
  retry_at_ = 0;
  if (route_.retry.per_try_timeout.count() != 0 && request_ended_) {
    try_ends_at_ = now + static_cast<std::uint64_t>(route_.retry.per_try_timeout.count());
    arm_timer();
  }
  Attempt::Options options;
  options.tried = {tried_.data(), tried_count_};
  options.random = stream_.view().random;
  options.client = &stream_.connection().client;
  options.local = &stream_.connection().local;
  options.fresh = fresh;
  options.replayable = rules_.idempotent() && stream_.request().body == http::BodyKind::None;
  switch (attempt_.begin(*cluster_, options)) {
    case Attempt::Begun::Ready:
      on_connection(attempt_);
      break;
    case Attempt::Begun::Pending:
      stream_.record().phase = attempt_.queued() ? Phase::Queue : Phase::Connect;
      break;
    case Attempt::Begun::Failed:
      stream_.record().phase =
          attempt_.failure() == Reason::QueueFull ? Phase::Queue : Phase::Connect;
      on_no_connection(attempt_, attempt_.failure());
      break;
  }
}

void Forward::on_connection(Attempt&) {
  take_timings();
  record_endpoint();
  stream_.record().phase = Phase::Send;
  if (!send_head()) {
    broken_framing();
    return;
  }
  sent_us_ = stream_.now_us();
  if (request_ended_) stream_.record().phase = Phase::Wait;
  if (stream_.request().body != http::BodyKind::None) send_pending();
}

void Forward::on_no_connection(Attempt&, Reason why) {
  take_timings();
  record_endpoint();
  AttemptFailure failure;
  failure.why = why;
  failure.nothing_sent = failure.nothing_received = true;
  attempt_failed(failure);
}

void Forward::take_timings() {
  auto& us = stream_.record().us;
  us.queue = (us.queue == filter::ExchangeRecord::kNone ? 0 : us.queue) + attempt_.queue_us();
  us.connect =
      (us.connect == filter::ExchangeRecord::kNone ? 0 : us.connect) + attempt_.connect_us();
}

// The path and host that the route wrote are for upstream only: the log keeps the client's.
bool Forward::send_head() {
  http::Request& request = stream_.request();
  const std::string_view path = std::exchange(request.path, path_);
  const std::string_view authority = std::exchange(request.authority, authority_);
  const bool bare = request.body == http::BodyKind::None;
  const bool sent = attempt_.connection()->begin(*this, request, bare);
  request.path = path;
  request.authority = authority;
  return sent;
}

void Forward::send_pending() {
  BodyStore& store = body();
  send(store.pending, request_ended_ && !has_trailers_);
  if (stopped_ || attempt_.connection() == nullptr) return;
  if (has_trailers_) send_request_trailers();
  if (!attempt_.connection()->output_full()) stream_.pause_request(false);
}

void Forward::send(Buffer& data, bool end) {
  upstream::HttpConnection* const connection = attempt_.connection();
  if (connection == nullptr) {
    data.clear();
    return;
  }
  if (data.empty() && !end) return;
  body_given_ = body_given_ || !data.empty();
  if (!connection->send_body(data, end)) {
    broken_framing();
    return;
  }
  if (end && !responding_) stream_.record().phase = Phase::Wait;
  if (!end && connection->output_full()) stream_.pause_request(true);
}

void Forward::send_request_trailers() {
  if (attempt_.connection()->send_trailers(stream_.request_trailers())) {
    stream_.record().phase = Phase::Wait;
  } else {
    broken_framing();
  }
}

// Filters changed the request so that it cannot be sent as its head says.
void Forward::broken_framing() {
  record_attempt(to_string(Reason::FilterFailed));
  if (responding_) {
    stop();
    stream_.cut(EndedBy::Weir, Reason::FilterFailed);
  } else {
    fail(Reason::FilterFailed);
  }
}

void Forward::on_request_drained() {
  stream_.pause_request(false);
}

// --- failures and retries ------------------------------------------------------------------------

void Forward::on_exchange_failed(const upstream::ExchangeFailure& failure) {
  if (responding_) {
    stop();
    stream_.cut(EndedBy::Upstream, Reason::UpstreamCut);
    return;
  }
  AttemptFailure failed;
  failed.why = failure.why == Reason::UpstreamCut ? Reason::UpstreamReset : failure.why;
  failed.nothing_sent = failure.nothing_sent;
  failed.nothing_received = failure.nothing_received;
  failed.reused = attempt_.reused();
  attempt_failed(failed);
}

void Forward::attempt_failed(const AttemptFailure& failure) {
  if (attempt_.endpoint() != nullptr) record_attempt(to_string(failure.why));
  if (!try_again(failure)) fail(failure.why);
}

// `attempt_` still has its endpoint; it is over when this returns true.
bool Forward::try_again(const AttemptFailure& failure) {
  // A pooled connection that had closed says nothing about its endpoint.
  const bool stale = failure.reused && failure.nothing_received;
  const upstream::EndpointState* const endpoint = attempt_.endpoint();
  if (!stale && endpoint != nullptr && tried_count_ < kMaxTried) {
    tried_[tried_count_++] = endpoint;
  }
  end_retry();
  const bool replayable = !body_given_ || !replay_lost_;
  const RetryRules::Choice choice = rules_.choose(failure, replayable, others_left());
  if (choice == RetryRules::Choice::No) return false;
  const bool ordered = choice == RetryRules::Choice::AsOrdered;
  const std::optional<std::uint32_t> wait = ordered ? back_off_ms(failure) : 0;
  if (!wait || (ordered && !cluster_->begin_retry())) return false;
  attempt_.end();
  try_ends_at_ = 0;
  if (body_given_) {
    body_->pending.clear();
    for (const Slice& slice : body_->replay.slices()) body_->pending.append(slice);
  }
  if (ordered) {
    retrying_ = true;
    retry_at_ = stream_.reactor().loop().now() + *wait;
    rules_.count(choice);
    arm_timer();
  } else {
    rules_.count(choice);
    cluster_->counters().retries.add();
    // It may be going down all the same.
    if (stale && tried_count_ < kMaxTried) tried_[tried_count_++] = endpoint;
    start_attempt(stale);
  }
  return true;
}

// Nothing when a response asks for more time than there is.
std::optional<std::uint32_t> Forward::back_off_ms(const AttemptFailure& failure) const {
  event::Reactor& reactor = stream_.reactor();
  if (failure.response == nullptr) return rules_.back_off_ms(reactor.random());
  const auto wait =
      rules_.back_off_ms(*failure.response, reactor.loop().wall_us() / 1'000'000, reactor.random());
  const bool late = timeout_at_ != 0 && wait && reactor.loop().now() + *wait >= timeout_at_;
  return late ? std::nullopt : wait;
}

bool Forward::others_left() const {
  const auto* const begin = tried_.data();
  const auto* const end = begin + tried_count_;
  for (const auto& group : cluster_->endpoints().groups) {
    for (const auto& member : group.members) {
      if (member.state->eligible() && std::find(begin, end, member.state) == end) return true;
    }
  }
  return false;
}

void Forward::fail(Reason why) {
  answer(status_of(why), why);
}

void Forward::answer(std::uint16_t status, Reason why) {
  stop();
  stream_.reply({.status = status, .why = why});
}

void Forward::end_retry() {
  if (std::exchange(retrying_, false)) cluster_->end_retry();
}

void Forward::on_timer() {
  const std::uint64_t now = stream_.reactor().loop().now();
  const auto due = [now](std::uint64_t at) { return at != 0 && at <= now; };
  if (due(timeout_at_)) {
    if (attempt_.endpoint() != nullptr) {
      note_timeout();
      record_attempt(to_string(Reason::UpstreamTimeout));
    }
    fail(Reason::UpstreamTimeout);
    return;
  }
  if (due(try_ends_at_)) {
    if (attempt_.endpoint() != nullptr) note_timeout();
    AttemptFailure failure;
    failure.why = Reason::UpstreamTimeout;
    failure.nothing_sent = attempt_.connection() == nullptr;
    attempt_failed(failure);
    return;
  }
  if (due(retry_at_)) {
    start_attempt(false);
    return;
  }
  arm_timer();
}

void Forward::note_timeout() {
  attempt_.endpoint()->failed.fetch_add(1, std::memory_order_relaxed);
}

void Forward::arm_timer() {
  std::uint64_t first = UINT64_MAX;
  for (const std::uint64_t at : {timeout_at_, try_ends_at_, retry_at_}) {
    if (at != 0) first = std::min(first, at);
  }
  if (first == UINT64_MAX) {
    timer_.cancel();
    return;
  }
  const std::uint64_t now = stream_.reactor().loop().now();
  timer_.arm(first > now ? first - now : 0);
}

// --- the response --------------------------------------------------------------------------------

void Forward::on_informational() {
  http::remove_hop_by_hop(stream_.response().headers);
  stream_.respond_informational();
}

void Forward::on_response_head(bool end) {
  http::Response& response = stream_.response();
  const std::string_view status = status_text(response.status, stream_.arena());
  record_attempt(status);
  if (rules_.names(response)) {
    AttemptFailure failure;
    failure.why = Reason::Ok;
    failure.response = &response;
    if (try_again(failure)) return;
  }
  responding_ = true;
  timeout_at_ = try_ends_at_ = 0;
  timer_.cancel();
  const std::uint64_t waited = stream_.now_us() - sent_us_;
  stream_.record().us.first_byte = static_cast<std::uint32_t>(waited);
  attempt_.endpoint()->note_latency(waited);
  if (body_ != nullptr) body_->replay.clear();
  tunnel_ = response.status == 101;
  named_fields_ = http::remove_hop_by_hop(response.headers);
  response.headers.remove(http::HeaderId::XWeirReason);  // speaks of Weir's own answers only
  if (!route_.response_headers.empty()) {
    stream_.view().response = &response;
    route_.response_headers.apply(stream_.view(), response.headers);
  }
  stream_.respond_head(end);
  if (end) stop();
}

void Forward::on_response_body(Buffer& data, bool end) {
  stream_.respond_body(data, end);
  if (end && !tunnel_) stop();
}

void Forward::on_response_trailers() {
  http::remove_named(stream_.response_trailers(), named_fields_);
  stream_.respond_trailers();
  stop();
}

void Forward::on_response_paused(bool paused) {
  if (attempt_.connection() != nullptr) attempt_.connection()->pause_response(paused);
}

// --- the end -------------------------------------------------------------------------------------

void Forward::record_endpoint() {
  if (attempt_.endpoint() == nullptr) return;
  stream_.view().endpoint = stream_.arena().copy(attempt_.endpoint()->text);
}

void Forward::record_attempt(std::string_view result) {
  filter::ExchangeRecord& record = stream_.record();
  if (record.attempt_count == attempt_capacity_) {
    attempt_capacity_ = attempt_capacity_ == 0 ? 1 : attempt_capacity_ * 4;
    auto* larger = static_cast<filter::Attempt*>(stream_.arena().allocate(
        attempt_capacity_ * sizeof(filter::Attempt), alignof(filter::Attempt)));
    std::copy_n(attempts_, record.attempt_count, larger);
    attempts_ = larger;
    record.attempts = attempts_;
  }
  const std::uint64_t ms = (stream_.reactor().loop().turn_us() - attempt_began_us_) / 1'000;
  new (attempts_ + record.attempt_count++)
      filter::Attempt{stream_.view().endpoint, result, static_cast<std::uint32_t>(ms)};
}

void Forward::on_cancel() {
  if (stopped_) return;
  if (attempt_.endpoint() != nullptr && !responding_) {
    record_attempt(to_string(stream_.record().why));
  }
  stop();
}

std::size_t Forward::memory() const {
  std::size_t bytes = mirror_body_.memory();
  if (body_ != nullptr) bytes += body_->pending.memory() + body_->replay.memory();
  if (attempt_.connection() != nullptr) bytes += attempt_.connection()->memory();
  return bytes;
}

void Forward::stop() {
  if (stopped_) return;
  stopped_ = true;
  timer_.cancel();
  attempt_.end();
  end_retry();
  if (body_ != nullptr) stream_.reactor().local<BodyStores>().give_back(std::move(body_));
}

}  // namespace weir::filters
