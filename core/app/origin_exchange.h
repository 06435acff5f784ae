#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/app/websocket_echo.h"
#include "core/event/timer.h"
#include "core/filter/http_filter.h"
#include "core/filter/stream.h"

namespace weir::app {

// The origin's answer to one request. In the stream's arena.
class OriginExchange final : public filter::HttpTerminal {
 public:
  // `name` lives longer.
  OriginExchange(const std::string& name, filter::Stream& stream)
      : name_(name),
        stream_(stream),
        delay_(event::Timer::of<&OriginExchange::answer_late>(stream.reactor().loop().timers(),
                                                              this)) {}

  void on_request(bool end) override;
  void on_request_body(Buffer& data, bool end) override;
  void on_request_trailers(http::HeaderMap& trailers) override;
  void on_response_paused(bool paused) override;
  void on_cancel() override;

 private:
  enum class Kind : std::uint8_t { Answer, Bytes, Chunks, Echo, WebSocket };

  void choose();
  void answer();
  void answer_text(std::uint16_t status, std::string_view text);
  void answer_late();
  void begin_echo(bool end);
  void begin_websocket();
  void begin_body(http::BodyKind body, std::uint64_t left);
  void echo_frames(Buffer& data, bool end);
  void send();
  std::string describe() const;
  std::string header_lines() const;

  const std::string& name_;
  filter::Stream& stream_;
  std::string_view argument_;  // what stands behind the second "/" of the path
  std::uint64_t left_ = 0;     // bytes or chunks to send
  std::uint64_t total_ = 0;
  event::Timer delay_;
  std::unique_ptr<WebSocketEcho> frames_;
  Kind kind_ = Kind::Answer;
  bool paused_ = false;
  bool over_ = false;
};

// Makes them.
std::unique_ptr<filter::HttpTerminalFactory> make_origin(std::string name);

}  // namespace weir::app
