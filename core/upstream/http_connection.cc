#include "core/upstream/http_connection.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "core/base/log.h"
#include "core/http/chars.h"
#include "core/http/errors.h"
#include "core/http/field_list.h"
#include "core/http/h1_writer.h"
#include "core/upstream/attempt.h"
#include "core/upstream/endpoint_pool.h"
#include "core/upstream/local_cluster.h"
#include "core/upstream/proxy_header.h"

namespace weir::upstream {
namespace {

using filter::Reason;
using http::BodyKind;
using http::ParseStatus;

LogLimit invalid_responses{std::chrono::seconds(1)};

constexpr http::ParseError kUnaskedUpgrade{502, "unasked_upgrade",
                                           "A 101 chooses a protocol that was not asked for."};

}  // namespace

HttpConnection::HttpConnection(EndpointPool& pool, std::unique_ptr<net::Transport> transport)
    : pool_(pool),
      connection_(pool.cluster().reactor().loop(), pool.cluster().reactor().blocks(),
                  std::move(transport), *this),
      parser_(pool.cluster().spec().response_limits),
      epoch_(pool.cluster().connection_epoch()) {
  connection_.start();
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::send_proxy_header(const net::Address& client, const net::Address& local) {
  const ProxyProtocol version = pool_.cluster().spec().proxy_protocol;
  if (version == ProxyProtocol::None) return;
  proxied_ = std::make_unique<Proxied>(client, local);
  write_proxy_header(version, client, local, connection_.blocks(), connection_.output());
}

bool HttpConnection::begin(ResponseHandler& handler, const http::Request& request, bool end) {
  WEIR_ASSERT(handler_ == nullptr && phase_ == Phase::Idle);
  const std::uint64_t most = pool_.cluster().spec().max_requests_per_connection;
  http::RequestHeadOptions options;
  options.upgrade = request.upgrade;
  // Many origins refuse an empty Host, although it is what the client's words come to.
  const EndpointState& endpoint = pool_.endpoint();
  options.default_host = endpoint.address.is_ip() ? std::string_view(endpoint.text) : "localhost";
  if (most != 0 && exchanges_ + 1 >= most) options.connection = http::ConnectionHeader::Close;
  const std::uint64_t out_before = connection_.bytes_out();
  if (!http::write_request_head(request, options, connection_.blocks(), connection_.output())) {
    return false;
  }
  ++exchanges_;
  handler_ = &handler;
  phase_ = Phase::Head;
  parser_.reset();
  informational_ = 0;
  method_ = request.method;
  upgrade_ = request.upgrade;
  request_body_ = end ? BodyKind::None : request.body;
  request_left_ = request.content_length;
  request_ended_ = end;
  response_ended_ = false;
  out_before_ = out_before;
  in_before_ = connection_.bytes_in();
  handler.response().forget();
  handler.response_trailers().forget();
  return true;
}

bool HttpConnection::send_body(Buffer& data, bool end) {
  const std::size_t size = data.size();
  if (phase_ == Phase::Tunnel) {
    connection_.output().append(data);
    if (end && !request_ended_) {
      request_ended_ = true;
      connection_.shutdown_write();
    }
    return true;
  }
  const bool ended_before = request_ended_;
  if (end) request_ended_ = true;
  switch (request_body_) {
    case BodyKind::Length:
      if (ended_before || size > request_left_ || (end && size != request_left_)) break;
      request_left_ -= size;
      connection_.output().append(data);
      return true;
    case BodyKind::Chunked:
      if (ended_before) break;
      http::write_chunk(data, connection_.blocks(), connection_.output());
      if (end) http::write_last_chunk(nullptr, connection_.blocks(), connection_.output());
      return true;
    case BodyKind::None:
    case BodyKind::UntilClose:
      if (size == 0) return true;
      break;
  }
  data.clear();
  return false;
}

bool HttpConnection::send_trailers(const http::HeaderMap& trailers) {
  if (phase_ == Phase::Tunnel || request_ended_ || request_body_ != BodyKind::Chunked) return false;
  request_ended_ = true;
  http::write_last_chunk(&trailers, connection_.blocks(), connection_.output());
  return true;
}

void HttpConnection::pause_response(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  if (paused) {
    connection_.pause(net::kPausedByOutput);
  } else {
    connection_.resume(net::kPausedByOutput);
  }
}

void HttpConnection::abandon() {
  attempt_ = nullptr;
  handler_ = nullptr;
  if (closed_) return;
  if (phase_ == Phase::Idle) {
    pool_.put_back(*this);
  } else if (phase_ == Phase::Tunnel && request_ended_ && response_ended_) {
    // What the client sent last is still on its way.
    connection_.close_when_flushed();
  } else {
    close();
  }
}

void HttpConnection::close() {
  if (closed_) return;
  closed_ = true;
  count_bytes();
  connection_.close();
  pool_.on_closed(*this);
}

void HttpConnection::count_bytes() {
  ClusterCounters& counters = pool_.cluster().counters();
  counters.bytes_in.add(connection_.bytes_in() - counted_in_);
  counters.bytes_out.add(connection_.bytes_out() - counted_out_);
  counted_in_ = connection_.bytes_in();
  counted_out_ = connection_.bytes_out();
}

void HttpConnection::on_input() {
  if (handler_ == nullptr) {
    close();
    return;
  }
  // An answer before the question belongs to no exchange.
  if (connection_.bytes_out() == out_before_) {
    fail(Reason::UpstreamReset);
    return;
  }
  const std::uint64_t exchange = exchanges_;
  while (exchange == exchanges_ && handler_ != nullptr && !paused_ &&
         !connection_.input().empty()) {
    if (!step()) return;
  }
}

// Returns false when there is nothing more to do now.
bool HttpConnection::step() {
  switch (phase_) {
    case Phase::Idle:
      return false;
    case Phase::Head:
      return read_head();
    case Phase::Length:
      return read_length();
    case Phase::Chunked:
      return read_chunked();
    case Phase::Trailers:
      return read_trailers();
    case Phase::UntilClose:
    case Phase::Tunnel: {
      Buffer& data = pool_.cluster().scratch();
      data.append(connection_.input());
      return pass(data);
    }
  }
  return false;
}

bool HttpConnection::pass(Buffer& data) {
  const std::uint64_t exchange = exchanges_;
  handler_->on_response_body(data, false);
  WEIR_ASSERT(data.empty());
  data.clear();
  return exchange == exchanges_ && handler_ != nullptr;
}

bool HttpConnection::read_head() {
  Buffer& input = connection_.input();
  http::Response& response = handler_->response();
  const auto parse = [&] {
    const std::string_view bytes = input.front();
    return parser_.parse({const_cast<char*>(bytes.data()), bytes.size()}, method_, response);
  };
  ParseStatus status = parse();
  if (status == ParseStatus::Incomplete && input.front().size() < input.size()) {
    input.pull_up(connection_.blocks(), pool_.cluster().spec().response_limits.head_bytes);
    status = parse();
  }
  if (status == ParseStatus::Incomplete) return false;
  if (status == ParseStatus::Failed) {
    fail_invalid(parser_.error());
    return false;
  }
  handler_->hold(input.slices().front().block());
  input.consume(parser_.head_size());
  if (response.status >= 200 || response.status == 101) return on_head();
  if (++informational_ > http::kMaxInformational) {
    fail_invalid(http::errors::kTooManyInformational);
    return false;
  }
  const std::uint64_t exchange = exchanges_;
  handler_->on_informational();
  if (exchange != exchanges_ || handler_ == nullptr) return false;
  response.forget();
  parser_.reset();
  return true;
}

bool HttpConnection::on_head() {
  http::Response& response = handler_->response();
  pool_.cluster().counters().responses[std::min<std::size_t>(response.status / 100, 5)].add();
  if (response.status == 101) {
    if (!request_ended_ || !accepts_upgrade(parser_.upgrade())) {
      fail_invalid(kUnaskedUpgrade);
      return false;
    }
    response.upgrade = parser_.upgrade();
    phase_ = Phase::Tunnel;
    request_ended_ = false;
  } else if (response.body == BodyKind::None) {
    finish().on_response_head(true);
    return false;
  } else if (response.body == BodyKind::Length) {
    body_left_ = response.content_length;
    phase_ = Phase::Length;
  } else if (response.body == BodyKind::Chunked) {
    chunks_.reset();
    phase_ = Phase::Chunked;
  } else {
    phase_ = Phase::UntilClose;
  }
  const std::uint64_t exchange = exchanges_;
  handler_->on_response_head(false);
  return exchange == exchanges_ && handler_ != nullptr;
}

// Every protocol of the answer is one of the question (RFC 9110 section 7.8).
bool HttpConnection::accepts_upgrade(std::string_view chosen) const {
  bool any = false;
  bool all = true;
  http::each_list_member(chosen, [&](std::string_view protocol) {
    any = true;
    bool asked = false;
    http::each_list_member(upgrade_, [&](std::string_view offered) {
      asked = asked || std::equal(offered.begin(), offered.end(), protocol.begin(), protocol.end(),
                                  [](char a, char b) {
                                    return http::ascii_lower(a) == http::ascii_lower(b);
                                  });
    });
    all = all && asked;
  });
  return any && all;
}

bool HttpConnection::read_length() {
  Buffer& input = connection_.input();
  Buffer& data = pool_.cluster().scratch();
  const std::size_t size = std::min<std::uint64_t>(body_left_, input.size());
  input.move_front(size, data);
  body_left_ -= size;
  if (body_left_ > 0) return pass(data);
  finish().on_response_body(data, true);
  data.clear();
  return false;
}

// All data of the chunks that came is passed on as one piece.
bool HttpConnection::read_chunked() {
  Buffer& input = connection_.input();
  Buffer& data = pool_.cluster().scratch();
  while (!input.empty()) {
    const http::ChunkedDecoder::Step step = chunks_.next(input.front());
    if (step.status == ParseStatus::Failed) {
      if (data.empty() || pass(data)) fail_invalid(chunks_.error());
      return false;
    }
    if (step.skip > 0) input.consume(step.skip);
    if (step.data > 0) input.move_front(step.data, data);
    if (step.status == ParseStatus::Complete) {
      phase_ = Phase::Trailers;
      trailers_.reset();
      break;
    }
  }
  // The usual end: no trailers. Then the last of the body says so.
  if (phase_ == Phase::Trailers && input.front().starts_with("\r\n")) {
    input.consume(2);
    finish().on_response_body(data, true);
    data.clear();
    return false;
  }
  return data.empty() || pass(data);
}

bool HttpConnection::read_trailers() {
  Buffer& input = connection_.input();
  http::HeaderMap& trailers = handler_->response_trailers();
  input.pull_up(connection_.blocks(), http::TrailerParser::Limits().bytes);
  const std::string_view bytes = input.front();
  const ParseStatus status =
      trailers_.parse({const_cast<char*>(bytes.data()), bytes.size()}, trailers);
  if (status == ParseStatus::Incomplete) return false;
  if (status == ParseStatus::Failed) {
    fail_invalid(trailers_.error());
    return false;
  }
  const BlockRef block = input.slices().front().block();
  input.consume(trailers_.size());
  handler_->hold(block);
  if (trailers.size() > 0) {
    finish().on_response_trailers();
  } else {
    Buffer& nothing = pool_.cluster().scratch();
    finish().on_response_body(nothing, true);
  }
  return false;
}

ResponseHandler& HttpConnection::finish() {
  ResponseHandler& handler = *handler_;
  const LocalCluster& cluster = pool_.cluster();
  const std::uint64_t most = pool_.cluster().spec().max_requests_per_connection;
  const bool reusable = parser_.keep_alive() && request_ended_ && connection_.output_size() == 0 &&
                        connection_.input().empty() && !connection_.input_ended() &&
                        epoch_ == cluster.connection_epoch() && (most == 0 || exchanges_ < most);
  handler_ = nullptr;
  attempt_->connection_ = nullptr;
  attempt_ = nullptr;
  phase_ = Phase::Idle;
  if (!reusable) {
    close();
    return handler;
  }
  count_bytes();
  pause_response(false);
  pool_.put_back(*this);
  return handler;
}

void HttpConnection::fail(Reason why) {
  ResponseHandler& handler = *handler_;
  const ExchangeFailure failure{why, connection_.bytes_out() == out_before_,
                                connection_.bytes_in() == in_before_};
  pool_.endpoint().failed.fetch_add(1, std::memory_order_relaxed);
  handler_ = nullptr;
  attempt_->connection_ = nullptr;
  attempt_ = nullptr;
  phase_ = Phase::Idle;
  close();
  handler.on_exchange_failed(failure);
}

void HttpConnection::fail_invalid(const http::ParseError& error) {
  log(invalid_responses, LogLevel::Warning, "upstream", "cluster {}: response of {}: {} ({})",
      pool_.cluster().state().name, pool_.endpoint().text, error.message, error.why);
  fail(phase_ == Phase::Head ? Reason::UpstreamInvalid : Reason::UpstreamCut);
}

void HttpConnection::on_input_end() {
  if (handler_ == nullptr) {
    close();
    return;
  }
  Buffer& data = pool_.cluster().scratch();
  switch (phase_) {
    case Phase::Idle:
    case Phase::Head:
      fail(Reason::UpstreamReset);
      return;
    case Phase::UntilClose:
      finish().on_response_body(data, true);
      return;
    case Phase::Tunnel:
      response_ended_ = true;
      handler_->on_response_body(data, true);
      return;
    case Phase::Length:
    case Phase::Chunked:
    case Phase::Trailers:
      fail(Reason::UpstreamCut);
      return;
  }
}

void HttpConnection::on_output_drained() {
  if (handler_ != nullptr) handler_->on_request_drained();
}

void HttpConnection::on_closed(net::CloseReason) {
  if (closed_) return;
  if (handler_ != nullptr) {
    fail(phase_ == Phase::Head ? Reason::UpstreamReset : Reason::UpstreamCut);
  } else {
    close();
  }
}

}  // namespace weir::upstream
