#include "filters/network/http/h1_session.h"

#include <algorithm>

#include "core/http/chunked_decoder.h"
#include "core/http/date.h"
#include "core/http/h1_request_parser.h"
#include "core/http/h1_writer.h"
#include "core/http/hop_by_hop.h"
#include "core/http/trailer_parser.h"
#include "filters/network/http/date_cache.h"
#include "filters/network/http/forwarded.h"

namespace weir::filters {

using filter::EndedBy;
using filter::Reason;
using filter::Stream;

// How old a connection without a request gets when Weir ends.
constexpr std::uint64_t kFirstRequestMs = 1'000;

struct H1Session::Message {
  enum class Phase : std::uint8_t { Head, Body, Trailers, Done, Tunnel, Broken };

  explicit Message(const http::H1Limits& limits) : parser(limits) {}

  http::H1RequestParser parser;
  http::ChunkedDecoder decoder;
  http::TrailerParser trailers;
  std::uint64_t body_left = 0;
  // Of the response: bytes that Content-Length still promises.
  std::uint64_t response_left = 0;
  http::BodyKind response_body = http::BodyKind::None;
  Phase phase = Phase::Head;
  http::NamedFields named_fields;  // by Connection, not for the trailers either
  bool keep_alive = false;
  bool head_request = false;
  bool client_ends = false;  // the client sends no further request
  bool no_body = false;      // the response is its head only, whatever that says
  bool old_client = false;   // HTTP/1.0
  bool response_begun = false;
  bool response_ended = false;
};

H1Session::H1Session(filter::Downstream& downstream)
    : downstream_(downstream),
      timer_(event::Timer::of<&H1Session::timed_out>(downstream.reactor().loop().timers(), this)) {}

H1Session::~H1Session() = default;

void H1Session::arm(std::chrono::milliseconds delay) {
  timer_.cancel();
  if (delay.count() != 0) timer_.arm(static_cast<std::uint64_t>(delay.count()));
}

void H1Session::on_open() {
  arm(settings().connection_idle);
}

void H1Session::begin_message() {
  stream_ = &Stream::begin(downstream_.reactor(), *this, downstream_.host(), downstream_.info());
  const filter::HttpSettings& limits = settings();
  message_ = stream_->arena().make<Message>(http::H1Limits{
      .head_bytes = limits.max_request_head,
      .line_bytes = limits.max_request_line,
      .fields = limits.max_request_headers,
  });
  timer_.cancel();
  ++requests_;
}

void H1Session::on_data(Buffer& data) {
  while (!data.empty() && !closing_) {
    if (stream_ == nullptr) {
      // Some clients send an empty line behind a body (RFC 9112 section 2.2); alone, it begins no
      // request. A second one is the fault that it is in one piece.
      if (data.size() == 2 && data.front() == "\r\n" && !after_empty_line_) {
        after_empty_line_ = true;
        data.clear();
        return;
      }
      begin_message();
      if (std::exchange(after_empty_line_, false)) message_->parser.begin_after_empty_line();
    }
    switch (message_->phase) {
      case Message::Phase::Head:
        if (!read_head(data)) return;
        break;
      case Message::Phase::Body:
        if (!read_body(data)) return;
        break;
      case Message::Phase::Trailers:
        if (!read_trailers(data)) return;
        break;
      case Message::Phase::Done:
        // Sent ahead: it waits until this request is answered.
        downstream_.connection().pause(net::kPausedByStream);
        return;
      case Message::Phase::Tunnel:
        stream_->record().bytes_in += data.size();
        stream_->on_request_body(data, false);
        break;
      case Message::Phase::Broken:
        data.clear();
        return;
    }
  }
  if (closing_) data.clear();
}

bool H1Session::read_head(Buffer& data) {
  const auto parse = [this](std::string_view bytes) {
    return message_->parser.parse(std::span(const_cast<char*>(bytes.data()), bytes.size()),
                                  stream_->request());
  };
  http::ParseStatus status = parse(data.front());
  if (status == http::ParseStatus::Incomplete && data.slices().size() > 1) {
    // Only a head that spans blocks is worth a copy.
    status = parse(data.pull_up(downstream_.reactor().blocks(), settings().max_request_head));
  }
  switch (status) {
    case http::ParseStatus::Incomplete:
      if (!timer_.armed()) arm(settings().header_timeout);
      return false;
    case http::ParseStatus::Failed:
      stream_->hold(data.slices().front().block());
      stream_->record().bytes_in += data.size();
      refuse(message_->parser.error());
      return false;
    case http::ParseStatus::Complete:
      timer_.cancel();
      return take_head(data);
  }
  return false;
}

bool H1Session::take_head(Buffer& data) {
  Message& message = *message_;
  Stream& stream = *stream_;
  http::Request& request = stream.request();
  stream.hold(data.slices().front().block());
  stream.record().bytes_in += message.parser.head_size();
  message.keep_alive = message.parser.keep_alive();
  message.client_ends = !message.keep_alive;
  message.head_request = request.method == http::Method::Head;
  message.old_client = request.version == http::Version::Http10;
  data.consume(message.parser.head_size());
  const filter::HttpSettings& rules = settings();
  request.upgrade = message.parser.upgrade();
  request.scheme = downstream_.info().encrypted ? "https" : "http";
  if (rules.normalize_path) {
    const http::NormalPath normal = http::normalize_path(request.path, rules.path, stream.arena());
    if (normal.error != nullptr) {
      refuse(*normal.error);
      return false;
    }
    request.path = normal.path;
  }
  message.named_fields = http::remove_hop_by_hop(request.headers);
  set_forwarded(stream, rules);
  message.body_left = request.content_length;
  switch (request.body) {
    case http::BodyKind::None:
    case http::BodyKind::UntilClose:
      message.phase = Message::Phase::Done;
      break;
    case http::BodyKind::Length:
    case http::BodyKind::Chunked:
      message.phase = Message::Phase::Body;
      break;
  }
  stream.on_request_head(message.phase == Message::Phase::Done);
  return true;
}

bool H1Session::read_body(Buffer& data) {
  if (stream_->request().body == http::BodyKind::Chunked) return read_chunked(data);
  Message& message = *message_;
  Buffer body;
  const std::size_t part = std::min<std::uint64_t>(message.body_left, data.size());
  data.move_front(part, body);
  message.body_left -= part;
  stream_->record().bytes_in += part;
  const bool end = message.body_left == 0;
  if (end) message.phase = Message::Phase::Done;
  stream_->on_request_body(body, end);
  return true;
}

bool H1Session::read_chunked(Buffer& data) {
  Message& message = *message_;
  Buffer body;
  bool over = false;
  while (!data.empty() && !over) {
    const http::ChunkedDecoder::Step step = message.decoder.next(data.front());
    if (step.status == http::ParseStatus::Failed) {
      break_off(message.decoder.error());
      return false;
    }
    data.consume(step.skip);
    data.move_front(step.data, body);
    stream_->record().bytes_in += step.skip + step.data;
    over = step.status == http::ParseStatus::Complete;
  }
  if (over) message.phase = Message::Phase::Trailers;
  if (!body.empty()) stream_->on_request_body(body, false);
  return true;
}

bool H1Session::read_trailers(Buffer& data) {
  Message& message = *message_;
  http::HeaderMap& trailers = stream_->request_trailers();
  const auto parse = [&](std::string_view bytes) {
    return message.trailers.parse(std::span(const_cast<char*>(bytes.data()), bytes.size()),
                                  trailers);
  };
  http::ParseStatus status = parse(data.front());
  if (status == http::ParseStatus::Incomplete && data.slices().size() > 1) {
    status =
        parse(data.pull_up(downstream_.reactor().blocks(), http::TrailerParser::Limits().bytes));
  }
  switch (status) {
    case http::ParseStatus::Incomplete:
      return false;
    case http::ParseStatus::Failed:
      break_off(message.trailers.error());
      return false;
    case http::ParseStatus::Complete:
      break;
  }
  stream_->hold(data.slices().front().block());
  stream_->record().bytes_in += message.trailers.size();
  data.consume(message.trailers.size());
  message.phase = Message::Phase::Done;
  http::remove_named(trailers, message.named_fields);
  if (trailers.size() == 0) {
    Buffer nothing;
    stream_->on_request_body(nothing, true);
  } else {
    stream_->on_request_trailers();
  }
  return true;
}

// The log says which rule was broken.
void H1Session::tell_cause(const http::ParseError& error) {
  static_cast<void>(stream_->vars().set("http_error", error.why));
}

void H1Session::forget_incomplete() {
  if (message_->phase == Message::Phase::Head) stream_->request().forget();
  if (message_->phase == Message::Phase::Trailers) stream_->request_trailers().forget();
}

void H1Session::refuse(const http::ParseError& error) {
  message_->phase = Message::Phase::Broken;
  message_->keep_alive = false;
  message_->head_request = stream_->request().method == http::Method::Head;
  message_->old_client = stream_->request().version == http::Version::Http10;
  Reason why = Reason::BadRequest;
  if (error.status == 414 || error.status == 431) why = Reason::HeadTooLarge;
  if (error.status == 501 || error.status == 417 || error.status == 505) {
    why = Reason::NotSupported;
  }
  tell_cause(error);
  judge_peer(*stream_, settings());
  set_request_id(*stream_, settings());
  stream_->reject({.status = error.status, .why = why});
}

void H1Session::break_off(const http::ParseError& error) {
  forget_incomplete();
  message_->phase = Message::Phase::Broken;
  message_->keep_alive = false;
  tell_cause(error);
  if (message_->response_begun) {
    stream_->on_connection_gone(EndedBy::Client, Reason::BadRequest);
    return;
  }
  stream_->reject({.status = error.status, .why = Reason::BadRequest});
}

void H1Session::on_data_end() {
  last_ = true;
  if (stream_ == nullptr) {
    close_soon(true);
    return;
  }
  switch (message_->phase) {
    case Message::Phase::Done:
      // The client may shut down its side and still wait for the answer.
      message_->keep_alive = false;
      break;
    case Message::Phase::Tunnel: {
      Buffer nothing;
      stream_->on_request_body(nothing, true);
      break;
    }
    case Message::Phase::Broken:
      break;
    default:
      forget_incomplete();
      message_->phase = Message::Phase::Broken;
      stream_->on_connection_gone(EndedBy::Client, Reason::ClientReset);
      break;
  }
}

void H1Session::on_output_drained() {
  if (stream_ != nullptr) {
    stream_->pause_response(false);
  } else {
    downstream_.connection().resume(net::kPausedByOutput);
  }
}

void H1Session::on_drain(filter::Drain drain) {
  last_ = true;
  if (drain == filter::Drain::Over) {
    give_up();
    return;
  }
  if (drain != filter::Drain::Now) return;
  // Who has just connected is about to send something.
  const std::uint64_t age = downstream_.reactor().loop().now() - downstream_.opened_ms();
  if (stream_ == nullptr && requests_ == 0 && age < kFirstRequestMs) {
    timer_.cancel();
    timer_.arm(kFirstRequestMs - age);
  } else {
    close_if_idle();
  }
}

// Who still waits for the head of a response is told that none comes.
void H1Session::give_up() {
  const bool waits = stream_ != nullptr && !message_->response_begun &&
                     message_->phase != Message::Phase::Head &&
                     message_->phase != Message::Phase::Broken;
  if (!waits) {
    downstream_.cut();
    return;
  }
  if (message_->phase != Message::Phase::Done) {
    forget_incomplete();
    message_->phase = Message::Phase::Broken;
  }
  stream_->reject({.status = 503, .why = Reason::Draining});
}

// A request that has arrived is still answered.
bool H1Session::close_if_idle() {
  if (stream_ != nullptr || closing_ || !downstream_.quiet()) return false;
  close_soon(true);
  return true;
}

void H1Session::on_close(net::CloseReason reason) {
  closing_ = true;
  timer_.cancel();
  if (stream_ == nullptr) return;
  forget_incomplete();
  if (reason == net::CloseReason::Local) {
    stream_->on_connection_gone(EndedBy::Weir,
                                downstream_.shed_load() ? Reason::Overload : Reason::Draining);
  } else {
    stream_->on_connection_gone(EndedBy::Client, Reason::ClientReset);
  }
}

void H1Session::send_informational(http::Response& response) {
  if (message_->old_client || closing_) return;
  const std::size_t before = downstream_.output().size();
  http::write_response_head(response, {}, downstream_.reactor().blocks(), downstream_.output());
  flush_output(before);
}

void H1Session::send_head(http::Response& response, bool end) {
  Message& message = *message_;
  message.response_begun = true;
  const filter::HttpSettings& rules = settings();
  http::ResponseHeadOptions options;
  options.to_head = message.head_request;
  if (response.status == 101) {
    options.upgrade = response.upgrade;
    message.keep_alive = false;
  } else {
    message.no_body = message.head_request || response.status == 204 || response.status == 304;
    if (message.no_body) {
      if (message.old_client && response.body == http::BodyKind::Chunked) {
        response.body = http::BodyKind::UntilClose;
      }
    } else if (end) {
      response.body = http::BodyKind::None;
    } else if (response.body != http::BodyKind::Length) {
      // Chunks, or for clients that do not know them the end of the connection.
      response.body = message.old_client ? http::BodyKind::UntilClose : http::BodyKind::Chunked;
      if (message.old_client) message.keep_alive = false;
    }
    const bool served_enough = rules.max_requests != 0 && requests_ >= rules.max_requests;
    const bool pressed = downstream_.reactor().pressure() != Pressure::None;
    if (last_ || served_enough || pressed || stream_->draining()) message.keep_alive = false;
    // Nobody will read the rest of a request that Weir answered by itself, or its origin refused.
    const bool refused = stream_->answered_here() || response.status >= 300;
    if (refused && !request_is_here()) message.keep_alive = false;
    if (!message.keep_alive) {
      options.connection = http::ConnectionHeader::Close;
    } else if (message.old_client) {
      options.connection = http::ConnectionHeader::KeepAlive;
    }
  }
  if (!response.headers.has(http::HeaderId::Date)) {
    response.headers.add_valid(http::HeaderId::Date,
                               downstream_.reactor().local<DateCache>().now());
  }
  if (rules.request_id) {
    response.headers.set_valid(http::HeaderId::XRequestId, stream_->view().request_id);
  }
  message.response_body = end || message.no_body ? http::BodyKind::None : response.body;
  message.response_left = response.content_length;
  const std::size_t before = downstream_.output().size();
  http::write_response_head(response, options, downstream_.reactor().blocks(),
                            downstream_.output());
  message.response_ended = end;
  flush_output(before);
}

// Whether all of the request has come, be it read or not.
bool H1Session::request_is_here() const {
  const Message& message = *message_;
  if (message.phase == Message::Phase::Done) return true;
  return message.phase == Message::Phase::Body &&
         stream_->request().body == http::BodyKind::Length &&
         message.body_left <= downstream_.input().size();
}

void H1Session::send_body(Buffer& data, bool end) {
  Message& message = *message_;
  if (closing_) return;
  Buffer& out = downstream_.output();
  const std::size_t before = out.size();
  if (message.phase == Message::Phase::Tunnel) {
    out.append(data);
  } else if (message.no_body) {
    data.clear();
  } else if (message.response_body == http::BodyKind::Chunked) {
    if (!data.empty()) http::write_chunk(data, downstream_.reactor().blocks(), out);
    if (end) http::write_last_chunk(nullptr, downstream_.reactor().blocks(), out);
  } else {
    if (message.response_body == http::BodyKind::Length) {
      // A body that does not fit its Content-Length would shift all that follows.
      if (data.size() > message.response_left || (end && data.size() < message.response_left)) {
        stream_->abort(filter::EndedBy::Weir, Reason::FilterFailed);
        return;
      }
      message.response_left -= data.size();
    }
    out.append(data);
  }
  message.response_ended = end;
  flush_output(before);
  if (end && message.phase == Message::Phase::Tunnel) downstream_.end_output();
  if (!end && downstream_.output_full()) stream_->pause_response(true);
}

void H1Session::send_trailers(http::HeaderMap& trailers) {
  Message& message = *message_;
  if (closing_) return;
  if (message.response_body == http::BodyKind::Length && message.response_left > 0) {
    stream_->abort(filter::EndedBy::Weir, Reason::FilterFailed);
    return;
  }
  const std::size_t before = downstream_.output().size();
  if (message.response_body == http::BodyKind::Chunked) {
    http::write_last_chunk(&trailers, downstream_.reactor().blocks(), downstream_.output());
  }
  message.response_ended = true;
  flush_output(before);
}

void H1Session::flush_output(std::size_t before) {
  stream_->record().bytes_out += downstream_.output().size() - before;
  downstream_.output_ready();
}

void H1Session::start_tunnel() {
  message_->phase = Message::Phase::Tunnel;
  last_ = true;
  // What came behind the request belongs to the tunnel.
  downstream_.connection().resume(net::kPausedByStream);
}

void H1Session::pause_request(bool paused) {
  if (paused) {
    downstream_.connection().pause(net::kPausedByOutput);
  } else {
    downstream_.connection().resume(net::kPausedByOutput);
  }
}

void H1Session::abort() {
  message_->keep_alive = false;
  if (message_->response_body == http::BodyKind::UntilClose ||
      message_->phase == Message::Phase::Tunnel) {
    downstream_.connection().reset();
  }
}

void H1Session::stream_over() {
  Message& message = *message_;
  if (message.phase == Message::Phase::Body && message.keep_alive && request_is_here()) {
    // What nobody wanted to read.
    downstream_.input().consume(message.body_left);
    message.phase = Message::Phase::Done;
  }
  stream_ = nullptr;
  message_ = nullptr;
  if (closing_ || downstream_.closed()) return;
  net::Connection& connection = downstream_.connection();
  const bool complete = message.phase == Message::Phase::Done;
  if (!message.keep_alive || !complete || !message.response_ended || last_) {
    // A client that may have sent more would be reset, and could lose the response.
    const bool client_ends = message.client_ends || connection.input_ended();
    close_soon(complete && message.response_ended && client_ends && downstream_.input().empty());
    return;
  }
  arm(settings().connection_idle);
  if (downstream_.output_full()) {
    // Responses to what was sent ahead would pile up.
    connection.pause(net::kPausedByOutput);
  } else {
    connection.resume(net::kPausedByOutput);
  }
  connection.resume(net::kPausedByStream);
}

void H1Session::close_soon(bool clean) {
  closing_ = true;
  timer_.cancel();
  if (clean) {
    downstream_.connection().close_when_written();
  } else {
    downstream_.connection().close_when_flushed();
  }
}

void H1Session::timed_out() {
  if (stream_ == nullptr) {
    if (!last_) {
      close_soon(true);
    } else {
      close_if_idle();
    }
    return;
  }
  stream_->record().bytes_in += downstream_.input().size();
  forget_incomplete();
  judge_peer(*stream_, settings());
  set_request_id(*stream_, settings());
  message_->phase = Message::Phase::Broken;
  message_->keep_alive = false;
  stream_->reject({.status = 408, .why = Reason::HeaderTimeout});
}

}  // namespace weir::filters
