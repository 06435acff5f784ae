#include "core/app/origin_exchange.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/app/origin.h"
#include "core/app/websocket_key.h"
#include "core/http/status.h"

namespace weir::app {
namespace {

constexpr std::uint64_t kMaxDelayMs = 3'600'000;

// What /bytes is made of; never copied.
constexpr std::size_t kPiece = 64 * 1024;
const std::array<char, kPiece> kBytes = [] {
  std::array<char, kPiece> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = i % 64 == 63 ? '\n' : static_cast<char>('0' + i % 64);
  }
  return bytes;
}();

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

class OriginFactory final : public filter::HttpTerminalFactory {
 public:
  explicit OriginFactory(std::string name) : name_(std::move(name)) {}
  filter::HttpTerminal* create(filter::Stream& stream) const override {
    return stream.arena().make<OriginExchange>(name_, stream);
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<filter::HttpTerminalFactory> make_origin(std::string name) {
  return std::make_unique<OriginFactory>(std::move(name));
}

void OriginExchange::on_request(bool end) {
  if (stream_.request().headers.has(http::HeaderId::Expect)) {
    stream_.response().status = 100;
    stream_.respond_informational();
  }
  std::string_view path = stream_.request().path;
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  const std::size_t slash = path.find('/');
  if (slash != std::string_view::npos) argument_ = path.substr(slash + 1);
  if (path == "echo") {
    begin_echo(end);
  } else if (path == "ws") {
    begin_websocket();
  } else if (end) {
    answer();
  }
}

// Other than /echo, answers when the request is complete, so that the connection stays usable.
void OriginExchange::on_request_body(Buffer& data, bool end) {
  if (over_) {
    data.clear();
  } else if (kind_ == Kind::Echo) {
    if (end) over_ = true;
    stream_.respond_body(data, end);
  } else if (kind_ == Kind::WebSocket) {
    echo_frames(data, end);
  } else {
    data.clear();
    if (end) answer();
  }
}

void OriginExchange::on_request_trailers(http::HeaderMap&) {
  Buffer nothing;
  on_request_body(nothing, true);
}

void OriginExchange::on_response_paused(bool paused) {
  paused_ = paused;
  if (kind_ == Kind::Echo || kind_ == Kind::WebSocket) {
    if (!over_) stream_.pause_request(paused);
  } else if (!paused) {
    send();
  }
}

void OriginExchange::on_cancel() {
  over_ = true;
  left_ = 0;
  delay_.cancel();
}

void OriginExchange::answer() {
  const std::string_view path = stream_.request().path;
  const auto number = number_of(argument_);
  if (path == "/") {
    answer_text(200, describe());
  } else if (path == "/headers") {
    answer_text(200, header_lines());
  } else if (path.starts_with("/bytes/") && number) {
    kind_ = Kind::Bytes;
    begin_body(http::BodyKind::Length, *number);
  } else if (path.starts_with("/chunked/") && number) {
    kind_ = Kind::Chunks;
    begin_body(http::BodyKind::Chunked, *number);
  } else if (path.starts_with("/delay/") && number && *number <= kMaxDelayMs) {
    delay_.arm(*number);
  } else if (path.starts_with("/status/") && number && *number >= 200 && *number <= 599) {
    const auto status = static_cast<std::uint16_t>(*number);
    answer_text(status,
                std::string(argument_) + " " + std::string(http::reason_phrase(status)) + "\n");
  } else {
    answer_text(404, std::string("not here; there are\n") + kOriginPaths);
  }
}

void OriginExchange::answer_late() {
  answer_text(200, name_ + ": after " + std::string(argument_) + " ms\n");
}

void OriginExchange::answer_text(std::uint16_t status, std::string_view text) {
  over_ = true;
  const bool bodiless = status == 204 || status == 304;
  http::Response& response = stream_.response();
  response.status = status;
  response.body = bodiless ? http::BodyKind::None : http::BodyKind::Length;
  response.content_length = bodiless ? 0 : text.size();
  if (!bodiless) {
    response.headers.add_view(http::HeaderId::ContentType, "text/plain; charset=utf-8");
  }
  stream_.respond_head(bodiless);
  if (bodiless) return;
  Buffer body;
  body.append_copy(stream_.reactor().blocks(), text);
  stream_.respond_body(body, true);
}

void OriginExchange::begin_body(http::BodyKind body, std::uint64_t left) {
  left_ = total_ = left;
  http::Response& response = stream_.response();
  response.status = 200;
  response.body = left == 0 ? http::BodyKind::None : body;
  response.content_length = body == http::BodyKind::Length ? left : 0;
  response.headers.add_view(http::HeaderId::ContentType, "text/plain");
  if (left == 0) over_ = true;
  stream_.respond_head(left == 0);
  send();
}

void OriginExchange::send() {
  while (!paused_ && !over_ && left_ > 0) {
    Buffer piece;
    if (kind_ == Kind::Bytes) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPiece));
      piece.append(Slice::of_static({kBytes.data(), size}));
      left_ -= size;
    } else {
      --left_;
      piece.append_copy(stream_.reactor().blocks(), "chunk " + std::to_string(total_ - left_) +
                                                        " of " + std::to_string(total_) + "\n");
    }
    if (left_ == 0) over_ = true;
    stream_.respond_body(piece, over_);
  }
}

void OriginExchange::begin_echo(bool end) {
  kind_ = Kind::Echo;
  const http::Request& request = stream_.request();
  http::Response& response = stream_.response();
  response.status = 200;
  response.body = end ? http::BodyKind::None : request.body;
  response.content_length = request.content_length;
  const auto type = request.headers.get(http::HeaderId::ContentType);
  response.headers.add_view(http::HeaderId::ContentType, type.value_or("application/octet-stream"));
  over_ = end;
  stream_.respond_head(end);
}

void OriginExchange::begin_websocket() {
  const http::Request& request = stream_.request();
  const auto key = request.headers.get(http::HeaderId::SecWebSocketKey);
  if (request.upgrade.find("websocket") == std::string_view::npos || !key) {
    stream_.response().headers.add_view(http::HeaderId::SecWebSocketVersion, "13");
    answer_text(426, "this is for WebSocket\n");
    return;
  }
  kind_ = Kind::WebSocket;
  frames_ = std::make_unique<WebSocketEcho>();
  http::Response& response = stream_.response();
  response.status = 101;
  response.upgrade = "websocket";
  response.headers.add(http::HeaderId::SecWebSocketAccept, websocket_accept(*key));
  stream_.respond_head(false);
}

void OriginExchange::echo_frames(Buffer& data, bool end) {
  Buffer answer;
  over_ = !frames_->next(data, stream_.reactor().blocks(), answer) || end;
  data.clear();
  if (!answer.empty() || over_) stream_.respond_body(answer, over_);
}

std::string OriginExchange::describe() const {
  const http::Request& request = stream_.request();
  std::string text = name_ + "\n";
  text.append(request.method_name).append(" ").append(request.path).append(request.query) += '\n';
  text.append("host: ").append(request.authority) += '\n';
  return text + header_lines();
}

std::string OriginExchange::header_lines() const {
  std::string text;
  for (const http::Header& header : stream_.request().headers.all()) {
    text.append(header.name()).append(": ").append(header.value()) += '\n';
  }
  return text;
}

}  // namespace weir::app
