#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "core/base/list.h"
#include "core/filter/reason.h"
#include "core/http/chunked_decoder.h"
#include "core/http/h1_response_parser.h"
#include "core/http/message.h"
#include "core/http/trailer_parser.h"
#include "core/net/address.h"
#include "core/net/connection.h"

namespace weir::upstream {

class Attempt;
class EndpointPool;

// Why an exchange came to nothing.
struct ExchangeFailure {
  // UpstreamReset: the connection ended before the response head. UpstreamInvalid: what came is no
  // response. UpstreamCut: it ended behind the head.
  filter::Reason why;
  bool nothing_sent;      // no byte of the request left
  bool nothing_received;  // no byte of a response came
};

// Takes the response of one exchange. All calls come from the loop, never inside a call of the
// handler's own but for what is said at HttpConnection::begin(). Each may end the attempt and
// begin another.
class ResponseHandler {
 public:
  // Where heads and trailers are put; both forgotten when the exchange begins.
  virtual http::Response& response() = 0;
  virtual http::HeaderMap& response_trailers() = 0;
  // The views of head and trailers are into this block.
  virtual void hold(const BlockRef& block) = 0;
  // A 1xx other than 101 is in response(), which is forgotten afterwards.
  virtual void on_informational() = 0;
  // The head is in response(). `end`: it is all, and the last call. With 101 bytes pass both ways
  // from here on.
  virtual void on_response_head(bool end) = 0;
  // Takes all of `data`. `end`: the last call, except in a tunnel that is open the other way.
  virtual void on_response_body(Buffer& data, bool end) = 0;
  // The last call.
  virtual void on_response_trailers() = 0;
  // More of the request is taken, after output_full().
  virtual void on_request_drained() = 0;
  // The last call.
  virtual void on_exchange_failed(const ExchangeFailure& failure) = 0;

 protected:
  ~ResponseHandler() = default;
};

// The client side of HTTP/1.1 on one connection: one exchange at a time (RFC 9112). Strict: what is
// not clearly this exchange's response fails it, and bytes that nobody asked for close the
// connection. It is used again only when both messages are complete and nothing is left over.
// Belongs to its pool; worker thread.
class HttpConnection final : public event::Deferred,
                             public ListNode<HttpConnection>,
                             private net::Connection::Owner {
 public:
  HttpConnection(EndpointPool& pool, std::unique_ptr<net::Transport> transport);
  ~HttpConnection() override;

  // --- for whom it is leased -------------------------------------------------------------------
  // Sends the head of `request`, together with what is written in this turn. `end`: no body
  // follows. The request is not looked at later; handler and `request.upgrade` are. False when the
  // request cannot be written: what rewrote it is wrong. The connection is as before then.
  [[nodiscard]] bool begin(ResponseHandler& handler, const http::Request& request, bool end);
  // The next of the body, all of which is taken; after a 101, bytes of the tunnel. False when that
  // is more or less than the head said: the exchange cannot go on, end the attempt.
  [[nodiscard]] bool send_body(Buffer& data, bool end);
  [[nodiscard]] bool send_trailers(const http::HeaderMap& trailers);
  // The request should wait for on_request_drained().
  bool output_full() { return connection_.output_full(); }
  void pause_response(bool paused);
  // Bytes of the blocks that wait here, in both directions.
  std::size_t memory() const { return connection_.memory(); }

  // --- for Attempt and EndpointPool ------------------------------------------------------------
  void set_attempt(Attempt* attempt) { attempt_ = attempt; }
  // Nobody waits for the rest of the exchange: closes, unless it is complete.
  void abandon();
  // Closes and reports to the pool. Idempotent.
  void close();
  bool unused() const { return exchanges_ == 0; }
  // Whether the origin sent nothing, not even its end, since the last response. `certain`: asks the
  // system, and not only what the loop has heard.
  bool untouched(bool certain) { return certain ? connection_.quiet() : connection_.seems_quiet(); }
  // The client whose PROXY header was sent on it, with the address it connected to.
  using Proxied = std::pair<net::Address, net::Address>;
  void send_proxy_header(const net::Address& client, const net::Address& local);
  const Proxied* proxied() const { return proxied_.get(); }
  std::uint32_t epoch() const { return epoch_; }
  std::uint64_t idle_since_ms = 0;
  std::size_t index = 0;  // in the list of its pool
  bool idle = false;

 private:
  enum class Phase : std::uint8_t { Idle, Head, Length, Chunked, Trailers, UntilClose, Tunnel };

  void on_input() override;
  void on_input_end() override;
  void on_output_drained() override;
  void on_closed(net::CloseReason reason) override;

  bool step();
  bool read_head();
  bool on_head();
  bool accepts_upgrade(std::string_view chosen) const;
  bool read_length();
  bool read_chunked();
  bool read_trailers();
  bool pass(Buffer& data);
  void fail(filter::Reason why);
  void fail_invalid(const http::ParseError& error);
  // Ends the exchange; the connection goes back to its pool or closes. Returns the handler, whose
  // last call is up to the caller.
  ResponseHandler& finish();
  void count_bytes();

  EndpointPool& pool_;
  net::Connection connection_;
  Attempt* attempt_ = nullptr;
  ResponseHandler* handler_ = nullptr;
  http::H1ResponseParser parser_;
  http::ChunkedDecoder chunks_;
  http::TrailerParser trailers_;
  std::unique_ptr<Proxied> proxied_;
  std::string_view upgrade_;        // what the request asked for
  std::uint64_t body_left_ = 0;     // of the response
  std::uint64_t request_left_ = 0;  // of the request, with BodyKind::Length
  std::uint64_t exchanges_ = 0;
  std::uint64_t out_before_ = 0;  // bytes when the exchange began
  std::uint64_t in_before_ = 0;
  std::uint64_t counted_in_ = 0;
  std::uint64_t counted_out_ = 0;
  std::uint32_t epoch_;
  std::uint32_t informational_ = 0;
  http::Method method_ = http::Method::Get;
  http::BodyKind request_body_ = http::BodyKind::None;
  Phase phase_ = Phase::Idle;
  bool request_ended_ = false;
  bool response_ended_ = false;  // of a tunnel
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace weir::upstream
