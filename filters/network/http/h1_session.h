#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "core/event/timer.h"
#include "core/filter/downstream.h"
#include "core/filter/http_sink.h"
#include "core/filter/network_filter.h"
#include "core/filter/stream.h"

namespace weir::filters {

// The server side of HTTP/1 on one connection: reads requests one after the other, hands each to a
// stream, and writes the responses in the order of the requests. What a client sends ahead waits
// unread. Keeps next to nothing while no request is under way.
class H1Session final : public filter::NetworkTerminal, private filter::HttpSink {
 public:
  explicit H1Session(filter::Downstream& downstream);
  ~H1Session() override;

  void on_open() override;
  void on_data(Buffer& data) override;
  void on_data_end() override;
  void on_output_drained() override;
  void on_drain(filter::Drain drain) override;
  bool close_if_idle() override;
  std::size_t memory() const override { return stream_ == nullptr ? 0 : stream_->memory(); }
  std::uint8_t response_pauses() const override {
    return stream_ == nullptr ? std::uint8_t{0} : stream_->response_pauses();
  }
  void on_close(net::CloseReason reason) override;

 private:
  struct Message;  // the request that is being read, in its stream's arena

  void send_informational(http::Response& response) override;
  void send_head(http::Response& response, bool end) override;
  void send_body(Buffer& data, bool end) override;
  void send_trailers(http::HeaderMap& trailers) override;
  void start_tunnel() override;
  void pause_request(bool paused) override;
  void abort() override;
  void stream_over() override;

  const filter::HttpSettings& settings() const { return downstream_.host().chain->http->settings; }
  void begin_message();
  void arm(std::chrono::milliseconds delay);  // zero: no timeout
  // Each returns false when it needs more bytes, or the message is over.
  bool read_head(Buffer& data);
  bool read_body(Buffer& data);
  bool read_chunked(Buffer& data);
  bool read_trailers(Buffer& data);
  bool take_head(Buffer& data);
  void tell_cause(const http::ParseError& error);
  // Lets go of views into bytes of the client that the stream does not hold.
  void forget_incomplete();
  void refuse(const http::ParseError& error);
  // The request broke the protocol in its body: 400 when there is still time, and the end.
  void break_off(const http::ParseError& error);
  bool request_is_here() const;
  void flush_output(std::size_t before);
  void timed_out();
  void give_up();
  void close_soon(bool clean);

  filter::Downstream& downstream_;
  filter::Stream* stream_ = nullptr;
  Message* message_ = nullptr;
  event::Timer timer_;  // header_timeout while a head is read, connection_idle between requests
  std::uint64_t requests_ = 0;
  bool last_ = false;  // no request is read after this one
  bool after_empty_line_ = false;
  bool closing_ = false;
};

}  // namespace weir::filters
