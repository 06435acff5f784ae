#include "filters/network/tcp_proxy/tcp_session.h"

#include <algorithm>
#include <utility>

#include "core/filter/stream.h"
#include "core/upstream/local_clusters.h"
#include "core/upstream/proxy_header.h"

namespace weir::filters {

using filter::EndedBy;
using filter::Phase;
using filter::Reason;
using upstream::Attempt;

TcpSession::TcpSession(filter::Downstream& downstream, const TcpProxySettings& settings,
                       const upstream::Cluster& cluster)
    : downstream_(downstream),
      settings_(settings),
      configured_(cluster),
      snapshot_(downstream.host().snapshot),
      cluster_(downstream.reactor().local<upstream::LocalClusters>().of(cluster.state())),
      attempt_(*this),
      idle_timer_(
          event::Timer::of<&TcpSession::idle_check>(downstream.reactor().loop().timers(), this)),
      began_us_(downstream.reactor().loop().turn_us()) {
  filter::write_exchange_id(downstream.reactor(), id_.data());
  record_.id = {id_.data(), id_.size()};
  record_.time_us = downstream.reactor().loop().wall_us();
  record_.snapshot = downstream.host().snapshot_number;
}

TcpSession::~TcpSession() = default;

void TcpSession::on_open() {
  net::set_keepalive(downstream_.connection().transport().raw_fd(), settings_.keepalive);
  if (settings_.idle_timeout.count() != 0) {
    idle_timer_.arm(static_cast<std::uint64_t>(settings_.idle_timeout.count()));
  }
  record_.phase = Phase::Connect;
  // Else what the client begins with says whether the endpoint has to be asked for TLS.
  if (configured_.spec->starttls == upstream::Starttls::None) begin();
}

void TcpSession::begin() {
  begun_ = true;
  downstream_.connection().pause(net::kPausedByConnect);
  start_attempt();
}

void TcpSession::start_attempt() {
  attempt_began_ms_ = downstream_.reactor().loop().now();
  record_.phase = Phase::Connect;
  Attempt::Options options;
  options.tried = {tried_.data(), tried_count_};
  options.random = downstream_.reactor().random();
  options.raw = true;
  options.starttls = starttls_;
  options.client = &downstream_.info().client;
  options.local = &downstream_.info().local;
  switch (attempt_.begin(cluster_, options)) {
    case Attempt::Begun::Ready:
      on_connection(attempt_);
      break;
    case Attempt::Begun::Pending:
      if (attempt_.queued()) record_.phase = Phase::Queue;
      break;
    case Attempt::Begun::Failed:
      on_no_connection(attempt_, attempt_.failure());
      break;
  }
}

void TcpSession::on_connection(Attempt& attempt) {
  record_attempt(to_string(Reason::Ok));
  record_.us.queue = attempt.queue_us();
  record_.us.connect = attempt.connect_us();
  record_.phase = Phase::Body;
  upstream_ = std::make_unique<Upstream>(*this, attempt.take_transport());
  net::Connection& connection = upstream_->connection;
  if (!starttls_) {
    upstream::write_proxy_header(configured_.spec->proxy_protocol, downstream_.info().client,
                                 downstream_.info().local, connection.blocks(),
                                 connection.output());
  }
  connection.output().append(pending_);
  if (client_ended_) connection.shutdown_write();
  connection.start();
  downstream_.connection().resume(net::kPausedByConnect);
}

void TcpSession::on_no_connection(Attempt& attempt, Reason why) {
  const bool reached_for = attempt.endpoint() != nullptr;
  if (reached_for) {
    record_attempt(to_string(why));
    if (tried_count_ < kMaxTried) tried_[tried_count_++] = attempt.endpoint();
  }
  attempt.end();
  if (reached_for && attempts_.size() < settings_.connect_attempts) {
    start_attempt();
  } else {
    abort(EndedBy::Upstream, why);
  }
}

void TcpSession::record_attempt(std::string_view result) {
  const std::uint64_t ms = downstream_.reactor().loop().now() - attempt_began_ms_;
  endpoints_.push_back(attempt_.endpoint()->text);
  attempts_.push_back({{}, result, static_cast<std::uint32_t>(ms)});
}

void TcpSession::on_data(Buffer& data) {
  constexpr char kTlsHandshake = 0x16;
  if (!begun_ && !over_ && !data.empty()) {
    starttls_ = data.front().front() == kTlsHandshake;
    begin();
  }
  if (over_) {
    data.clear();
  } else if (upstream_ == nullptr) {
    pending_.append(data);
  } else {
    upstream_->connection.output().append(data);
    if (upstream_->connection.output_full()) {
      downstream_.connection().pause(net::kPausedByOutput);
    }
  }
}

void TcpSession::on_data_end() {
  client_ended_ = true;
  if (!begun_ && !over_) begin();
  if (upstream_ == nullptr || over_) return;
  upstream_->connection.shutdown_write();
  direction_ended();
}

void TcpSession::on_output_drained() {
  if (upstream_ != nullptr) upstream_->connection.resume(net::kPausedByOutput);
}

std::size_t TcpSession::memory() const {
  return pending_.memory() + (upstream_ == nullptr ? 0 : upstream_->connection.memory());
}

void TcpSession::on_close(net::CloseReason reason) {
  if (!over_) {
    over_ = true;
    record_.ended_by = reason == net::CloseReason::Reset ? EndedBy::Client : EndedBy::Weir;
    record_.why = reason == net::CloseReason::Reset ? Reason::ClientReset
                  : downstream_.shed_load()         ? Reason::Overload
                                                    : Reason::Draining;
  }
  idle_timer_.cancel();
  report();
  if (upstream_ != nullptr) {
    cluster_.counters().bytes_in.add(upstream_->connection.bytes_in());
    cluster_.counters().bytes_out.add(upstream_->connection.bytes_out());
    // What cannot be completed must not look complete.
    upstream_->connection.reset();
  }
  attempt_.end();
}

// What the client sent last goes out first: the session ends together with the client's half.
void TcpSession::direction_ended() {
  if (!client_ended_ || !upstream_ended_ || over_) return;
  over_ = true;
  record_.ended_by = EndedBy::Upstream;
  upstream_->connection.close_when_written();
}

void TcpSession::abort(EndedBy by, Reason why) {
  if (over_) return;
  over_ = true;
  record_.ended_by = by;
  record_.why = why;
  downstream_.connection().reset();
}

void TcpSession::idle_check() {
  const std::uint64_t now = downstream_.reactor().loop().now();
  std::uint64_t last = downstream_.connection().last_activity();
  if (upstream_ != nullptr) last = std::max(last, upstream_->connection.last_activity());
  const auto limit = static_cast<std::uint64_t>(settings_.idle_timeout.count());
  if (now - last < limit) {
    idle_timer_.arm(limit - (now - last));
    return;
  }
  abort(EndedBy::Weir, Reason::IdleTimeout);
  downstream_.connection().reset();
}

void TcpSession::report() {
  if (downstream_.host().observer == nullptr) return;
  for (std::size_t i = 0; i < attempts_.size(); ++i) attempts_[i].endpoint = endpoints_[i];
  const filter::ConnectionInfo& info = downstream_.info();
  const std::string client = info.client.ip();
  record_.listener = info.listener;
  record_.chain = info.chain;
  record_.cluster = configured_.state().name;
  record_.endpoint = endpoints_.empty() ? std::string_view() : std::string_view(endpoints_.back());
  record_.attempts = attempts_.data();
  record_.attempt_count = static_cast<std::uint32_t>(attempts_.size());
  record_.client = client;
  record_.protocol = "tcp";
  record_.sni = info.sni();
  record_.us.total = static_cast<std::uint32_t>(downstream_.reactor().loop().turn_us() - began_us_);
  record_.bytes_in = downstream_.connection().bytes_in();
  record_.bytes_out = downstream_.connection().bytes_out();
  downstream_.host().observer->on_exchange(record_);
}

TcpSession::Upstream::Upstream(TcpSession& owner, std::unique_ptr<net::Transport> transport)
    : session(owner),
      connection(owner.downstream_.reactor().loop(), owner.downstream_.reactor().blocks(),
                 std::move(transport), *this) {}

void TcpSession::Upstream::on_input() {
  filter::Downstream& downstream = session.downstream_;
  downstream.output().append(connection.input());
  downstream.output_ready();
  if (downstream.output_full()) connection.pause(net::kPausedByOutput);
}

void TcpSession::Upstream::on_input_end() {
  session.upstream_ended_ = true;
  session.downstream_.end_output();
  session.direction_ended();
}

void TcpSession::Upstream::on_output_drained() {
  session.downstream_.connection().resume(net::kPausedByOutput);
}

void TcpSession::Upstream::on_closed(net::CloseReason reason) {
  if (session.downstream_.closed()) return;
  if (session.client_ended_ && session.upstream_ended_ && reason == net::CloseReason::Local) {
    session.downstream_.connection().close_when_written();
  } else {
    session.abort(EndedBy::Upstream, Reason::UpstreamReset);
    session.downstream_.connection().reset();
  }
}

}  // namespace weir::filters
