#include "core/filter/http_context.h"

#include <atomic>

#include "core/base/log.h"
#include "core/filter/stream_internals.h"

namespace weir::filter {
namespace {

std::atomic<std::uint64_t> contract_violations{0};

}  // namespace

bool violation() {
  contract_violations.fetch_add(1, std::memory_order_relaxed);
  return false;
}

template <Stream::Direction kDirection>
bool Stream::may_resume(const HttpContext& by) {
  const Lane& here = lane<kDirection>();
  if (stopped() || here.dead) return false;
  return here.holding() ? filter_at<kDirection>(here.at) == &by : depth_ > 0;
}

bool HttpContext::resume_request() {
  if (!stream_.may_resume<Stream::Direction::Request>(*this)) return violation();
  Stream::Entry entry(stream_);
  stream_.resume_request_ = this;
  return true;
}

bool HttpContext::resume_response() {
  if (!stream_.may_resume<Stream::Direction::Response>(*this)) return violation();
  Stream::Entry entry(stream_);
  stream_.resume_response_ = this;
  return true;
}

// Allowed for the filter that sees a head now, when a body follows that has an end.
bool Stream::may_collect(const HttpContext& by) {
  if (stopped() || head_hook_ != &by) return false;
  if (head_direction_ == Direction::Request) {
    return !request_lane_.head_end && request_lane_.collector == Lane::kNobody;
  }
  return !response_lane_.head_end && response_lane_.collector == Lane::kNobody &&
         response_.status != 101;
}

// The client may wait for leave to send the body that is collected here.
void Stream::send_continue() {
  if (request_.headers.remove(http::HeaderId::Expect) == 0) return;
  response_.status = 100;
  sink_->send_informational(response_);
  response_.forget();
}

bool HttpContext::collect_body(std::size_t limit) {
  if (!stream_.may_collect(*this)) return violation();
  const bool request = stream_.head_direction_ == Stream::Direction::Request;
  Lane& lane = request ? stream_.request_lane_ : stream_.response_lane_;
  lane.collector = request ? index_ : stream_.joined_count_ - 1 - index_;
  lane.collect_limit = limit;
  if (request) stream_.send_continue();
  return true;
}

bool HttpContext::reroute() {
  if (stream_.stopped() || stream_.rerouting_ || stream_.request_lane_.head_passed ||
      stream_.request_lane_.dead) {
    return violation();
  }
  stream_.choose_route();
  // Those of the new list that stand behind the filters reached so far.
  const auto& entries = stream_.list_->entries;
  stream_.list_position_ = 0;
  while (stream_.list_position_ < entries.size() &&
         entries[stream_.list_position_].order <= stream_.reached_order_) {
    ++stream_.list_position_;
  }
  stream_.rerouting_ = true;
  for (std::uint32_t i = 0; i < stream_.joined_count_; ++i) {
    HttpContext& joined = *stream_.joined_[i];
    if ((joined.entry_.item->factory->hooks() & kOnRouteChanged) != 0) {
      joined.filter_->on_route_changed(joined);
    }
  }
  stream_.rerouting_ = false;
  return true;
}

Verdict HttpContext::respond(const LocalReply& reply) {
  if (stream_.stopped()) {
    violation();
    return Verdict::Finish;
  }
  Stream::Entry entry(stream_);
  stream_.queue_reply(reply, this);
  return Verdict::Finish;
}

Verdict HttpContext::fail(std::string_view message) {
  log_warning("filter", "{}: {}", name(), message);
  return respond({.status = 500, .why = Reason::FilterFailed});
}

std::uint64_t HttpContext::violations() {
  return contract_violations.load(std::memory_order_relaxed);
}

}  // namespace weir::filter
