#include "core/filter/stream.h"

#include "core/filter/stream_internals.h"
#include "core/filter/stream_pool.h"

namespace weir::filter {

Stream::Stream(event::Reactor& reactor, StreamPool& pool)
    : reactor_(reactor),
      pool_(pool),
      arena_(&reactor.memory()),
      request_(arena_),
      request_trailers_(arena_),
      response_(arena_),
      response_trailers_(arena_),
      vars_(arena_),
      idle_timer_(event::Timer::of<&Stream::idle_check>(reactor.loop().timers(), this)),
      total_timer_(event::Timer::of<&Stream::total_over>(reactor.loop().timers(), this)) {}

Stream::~Stream() = default;

Stream& Stream::begin(event::Reactor& reactor, HttpSink& sink, ChainHost& host,
                      const ConnectionInfo& info) {
  Stream& stream = reactor.local<StreamPool>().take();
  stream.sink_ = &sink;
  stream.host_ = &host;
  stream.info_ = &info;
  stream.chain_ = host.chain->http.get();
  stream.began_us_ = reactor.loop().turn_us();
  stream.record_.time_us = reactor.loop().wall_us();
  stream.record_.phase = Phase::Head;
  stream.touch();
  stream.view_.request = &stream.request_;
  stream.view_.vars = &stream.vars_;
  stream.view_.client = &info.client;
  stream.view_.client_ip = info.client_ip();
  stream.view_.peer = &info.peer;
  stream.view_.local = &info.local;
  stream.view_.listener = info.listener;
  stream.view_.chain = info.chain;
  stream.view_.sni = info.sni();
  return stream;
}

void Stream::hold(const BlockRef& block) {
  if (block) held_blocks_.append(Slice(block, block->data(), 1));
}

void Stream::set_client(const net::Address& client) {
  client_ = client;
  view_.client = &client_;
  char* text = arena_.allocate_text(net::Address::kMaxText);
  view_.client_ip = {text, client_.format_ip(text)};
}

void Stream::on_request_head(bool end) {
  Entry entry(*this);
  touch();
  snapshot_ = host_->snapshot;
  chain_ = host_->chain->http.get();
  record_.snapshot = host_->snapshot_number;
  record_.us.head = static_cast<std::uint32_t>(now_us() - began_us_);
  record_.phase = Phase::Filters;
  view_.flags = host_->flags;
  view_.random = reactor_.random();
  request_lane_.entered = true;
  request_lane_.head_end = end;
  request_lane_.source_ended = end;
  if (reactor_.pressure() == Pressure::Critical) {
    queue_reply({.status = 503, .why = Reason::Overload});
    return;
  }
  choose_route();
  run_request_head();
  if (!stopped() && !end) release_waiting<Direction::Request>();
}
void Stream::on_request_body(Buffer& data, bool end) {
  Entry entry(*this);
  take_body<Direction::Request>(data, end);
}

void Stream::on_request_trailers() {
  Entry entry(*this);
  take_trailers<Direction::Request>();
}

void Stream::reject(const LocalReply& reply) {
  Entry entry(*this);
  if (!request_lane_.entered) {
    snapshot_ = host_->snapshot;
    chain_ = host_->chain->http.get();
    record_.snapshot = host_->snapshot_number;
  }
  queue_reply(reply);
}

std::size_t Stream::memory() const {
  std::size_t bytes = sizeof(Stream) + arena_.bytes_held() + held_blocks_.memory() +
                      request_lane_.memory() + response_lane_.memory();
  if (terminal_ != nullptr && !terminal_done_) bytes += terminal_->memory();
  return bytes;
}

void Stream::abort(EndedBy by, Reason why) {
  Entry entry(*this);
  if (!over_) break_response(by, why);
}

void Stream::on_connection_gone(EndedBy by, Reason why) {
  Entry entry(*this);
  if (over_) return;
  record_.ended_by = by;
  record_.why = why;
  cancel_terminal();
  end_exchange();
}

void Stream::pause_response(bool paused) {
  Entry entry(*this);
  touch();
  set_pause<Direction::Response>(kOutput, paused);
}

void Stream::pause_request(bool paused) {
  Entry entry(*this);
  touch();
  set_pause<Direction::Request>(kOutput, paused);
}

void Stream::respond_informational() {
  if (stopped() || response_lane_.entered) return;
  sink_->send_informational(response_);
  response_.forget();
}

void Stream::respond_head(bool end) {
  Entry entry(*this);
  touch();
  if (stopped() || response_lane_.entered) return;
  if (response_.status == 101 && !request_lane_.ended) {
    // What follows of the request would be taken for bytes of the tunnel.
    queue_reply({.status = 502, .why = Reason::UpstreamInvalid});
    return;
  }
  record_.phase = Phase::Body;
  upgraded_ = response_.status == 101;
  response_lane_.entered = true;
  response_lane_.head_end = end;
  response_lane_.source_ended = end;
  if (end) terminal_done_ = true;
  run_response_head(0);
}

void Stream::respond_body(Buffer& data, bool end) {
  Entry entry(*this);
  if (end && !upgraded_) terminal_done_ = true;
  take_body<Direction::Response>(data, end);
}

void Stream::respond_trailers() {
  Entry entry(*this);
  terminal_done_ = true;
  take_trailers<Direction::Response>();
}

void Stream::reply(const LocalReply& reply) {
  Entry entry(*this);
  terminal_done_ = true;
  queue_reply(reply);
}

void Stream::cut(EndedBy by, Reason why) {
  Entry entry(*this);
  if (over_) return;
  terminal_done_ = true;
  if (!head_sent_) {
    queue_reply({.status = 502, .why = why});
    return;
  }
  break_response(by, why);
}

void Stream::break_response(EndedBy by, Reason why) {
  record_.ended_by = by;
  record_.why = why;
  cancel_terminal();
  sink_->abort();
  end_exchange();
}
void Stream::cancel_terminal() {
  if (terminal_ == nullptr || terminal_done_) return;
  terminal_done_ = true;
  terminal_->on_cancel();
}

void Stream::end_exchange() {
  if (over_) return;
  over_ = true;
  reactor_.loop().at_turn_end(*this);
}

void Stream::idle_check() {
  Entry entry(*this);
  if (over_) return;
  const std::uint64_t idle = reactor_.loop().now() - last_activity_ms_;
  if (idle < idle_ms_) {
    idle_timer_.arm(idle_ms_ - idle);
    return;
  }
  if (head_sent_ || answered_here_) {
    const bool untaken = (response_lane_.pauses & kOutput) != 0;
    break_response(untaken ? EndedBy::Client : EndedBy::Weir,
                   untaken ? Reason::ClientTimeout : Reason::IdleTimeout);
    return;
  }
  // A filter may hold the answer too.
  idle_timer_.arm(idle_ms_);
  const bool client = !request_lane_.source_ended && request_lane_.pauses == 0;
  queue_reply({.status = static_cast<std::uint16_t>(client ? 408 : 504),
               .why = client ? Reason::ClientTimeout : Reason::IdleTimeout});
}

void Stream::total_over() {
  Entry entry(*this);
  if (over_) return;
  if (head_sent_ || answered_here_) {
    break_response(EndedBy::Weir, Reason::TotalTimeout);
  } else {
    queue_reply({.status = 504, .why = Reason::TotalTimeout});
  }
}

void Stream::on_turn_end() {
  cancel_terminal();
  for (std::uint32_t i = joined_count_; i-- > 0;) {
    if ((joined_[i]->entry_.item->factory->hooks() & kOnComplete) != 0) {
      joined_[i]->filter_->on_complete(*joined_[i]);
    }
  }
  record_.id = view_.request_id;
  record_.listener = info_->listener;
  record_.chain = info_->chain;
  record_.route = view_.route;
  record_.cluster = view_.cluster;
  record_.endpoint = view_.endpoint;
  record_.client = view_.client_ip;
  record_.method = request_.method_name;
  record_.scheme = request_.scheme;
  record_.host = request_.host;
  record_.path = request_.path;
  record_.query = request_.query;
  record_.protocol = request_.version == http::Version::Http10 ? "HTTP/1.0" : "HTTP/1.1";
  record_.user_agent = request_.headers.get(http::HeaderId::UserAgent).value_or("");
  record_.referer = request_.headers.get(http::HeaderId::Referer).value_or("");
  record_.sni = view_.sni;
  record_.us.total = static_cast<std::uint32_t>(now_us() - began_us_);
  record_.vars = &vars_;
  if (head_sent_) view_.response = &response_;
  record_.view = &view_;
  record_.arena = &arena_;
  if (host_->observer != nullptr) host_->observer->on_exchange(record_);
  sink_->stream_over();
  for (std::uint32_t i = joined_count_; i-- > 0;) joined_[i]->filter_->~HttpFilter();
  if (terminal_ != nullptr) terminal_->~HttpTerminal();
  reset();
  pool_.give_back(*this);
}

// Back to how a new stream is, but for memory that is worth keeping.
void Stream::reset() {
  idle_timer_.cancel();
  total_timer_.cancel();
  request_.forget();
  request_trailers_.forget();
  response_.forget();
  response_trailers_.forget();
  vars_.forget();
  view_ = {};
  record_ = {};
  choice_ = {};
  sink_ = nullptr;
  host_ = nullptr;
  chain_ = nullptr;
  info_ = nullptr;
  terminal_ = nullptr;
  list_ = nullptr;
  joined_ = nullptr;
  joined_count_ = joined_capacity_ = list_position_ = 0;
  snapshot_.reset();
  held_blocks_.clear();
  request_lane_.forget();
  response_lane_.forget();
  queued_reply_ = nullptr;
  reply_author_ = nullptr;
  resume_request_ = resume_response_ = nullptr;
  head_hook_ = nullptr;
  terminal_done_ = head_sent_ = over_ = upgraded_ = tunnel_ = false;
  client_trusted_ = answered_here_ = false;
  idle_ms_ = 0;
  arena_.reset();
}

}  // namespace weir::filter
