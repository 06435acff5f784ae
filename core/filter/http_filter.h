#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "core/base/buffer.h"
#include "core/filter/explanation.h"
#include "core/filter/local_reply.h"
#include "core/filter/verdict.h"
#include "core/http/message.h"
#include "core/net/address.h"
#include "core/route/exchange_view.h"

namespace weir::filter {

class Stream;
class HttpContext;

// One filter on one stream, constructed in the stream's arena when it joins, just before its first
// hook; destroyed when the stream ends, never inside a hook. Worker thread. A hook that is not
// overridden is not called.
class HttpFilter {
 public:
  virtual ~HttpFilter() = default;

  // The head of the request. `end`: there is no body.
  virtual Verdict on_request(HttpContext&, http::Request&, bool /*end*/) {
    return Verdict::Continue;
  }
  // A piece of the body, which may be changed in place; `end` with the last, which may be empty.
  // Pause holds this piece.
  virtual Verdict on_request_body(HttpContext&, Buffer&, bool /*end*/) { return Verdict::Continue; }
  virtual Verdict on_request_trailers(HttpContext&, http::HeaderMap&) { return Verdict::Continue; }
  virtual Verdict on_response(HttpContext&, http::Response&, bool /*end*/) {
    return Verdict::Continue;
  }
  virtual Verdict on_response_body(HttpContext&, Buffer&, bool /*end*/) {
    return Verdict::Continue;
  }
  virtual Verdict on_response_trailers(HttpContext&, http::HeaderMap&) { return Verdict::Continue; }
  // The stream has another route now.
  virtual void on_route_changed(HttpContext&) {}
  // The exchange is over; once for each filter that joined, the last to join first.
  virtual void on_complete(HttpContext&) {}
};

enum HttpHook : std::uint8_t {
  kOnRequest = 1,
  kOnRequestBody = 2,
  kOnRequestTrailers = 4,
  kOnResponse = 8,
  kOnResponseBody = 16,
  kOnResponseTrailers = 32,
  kOnRouteChanged = 64,
  kOnComplete = 128,
};

// Which hooks F overrides.
template <typename F>
constexpr std::uint8_t hooks_of() {
  std::uint8_t hooks = 0;
  const auto add = [&hooks](bool overridden, HttpHook hook) {
    if (overridden) hooks = static_cast<std::uint8_t>(hooks | hook);
  };
  add(!std::is_same_v<decltype(&F::on_request), decltype(&HttpFilter::on_request)>, kOnRequest);
  add(!std::is_same_v<decltype(&F::on_request_body), decltype(&HttpFilter::on_request_body)>,
      kOnRequestBody);
  add(!std::is_same_v<decltype(&F::on_request_trailers),
                      decltype(&HttpFilter::on_request_trailers)>,
      kOnRequestTrailers);
  add(!std::is_same_v<decltype(&F::on_response), decltype(&HttpFilter::on_response)>, kOnResponse);
  add(!std::is_same_v<decltype(&F::on_response_body), decltype(&HttpFilter::on_response_body)>,
      kOnResponseBody);
  add(!std::is_same_v<decltype(&F::on_response_trailers),
                      decltype(&HttpFilter::on_response_trailers)>,
      kOnResponseTrailers);
  add(!std::is_same_v<decltype(&F::on_route_changed), decltype(&HttpFilter::on_route_changed)>,
      kOnRouteChanged);
  add(!std::is_same_v<decltype(&F::on_complete), decltype(&HttpFilter::on_complete)>, kOnComplete);
  return hooks;
}

// Makes the filters of one item of a configuration. Immutable; used by all workers.
class HttpFilterFactory {
 public:
  explicit HttpFilterFactory(std::uint8_t hooks) : hooks_(hooks) {}
  virtual ~HttpFilterFactory() = default;

  // A filter in the stream's arena, or null: this stream does without. Worker thread.
  virtual HttpFilter* join(Stream& stream) const = 0;
  // The status of its answer to every request of that client, where the settings alone decide that.
  // For explanations.
  virtual std::optional<std::uint16_t> answer_to(const net::Address& /*client*/) const {
    return std::nullopt;
  }
  // Does to the head of a request what on_request() does to every one, where the settings alone
  // decide that. For explanations; what is made lives as long as the headers.
  virtual void explain(const route::ExchangeView& /*exchange*/, Texts /*texts*/,
                       http::HeaderMap& /*request*/) const {}
  std::uint8_t hooks() const { return hooks_; }

 private:
  std::uint8_t hooks_;
};

// The end of an HTTP chain on one stream: takes the request as it left the filters and brings the
// response, through the stream's respond_* functions. In the stream's arena. Worker thread.
class HttpTerminal {
 public:
  virtual ~HttpTerminal() = default;

  virtual void on_request(bool end) = 0;
  // Takes all of `data`; says so with Stream::pause_request() when it cannot take more for now.
  virtual void on_request_body(Buffer& data, bool end) = 0;
  virtual void on_request_trailers(http::HeaderMap& trailers) = 0;
  // The response is not taken for now, or is again.
  virtual void on_response_paused(bool paused) = 0;
  // The stream is over or answered by somebody else: stop, and call nothing of it any more.
  virtual void on_cancel() = 0;
  // Bytes that wait with it, as NetworkTerminal::memory() tells.
  virtual std::size_t memory() const { return 0; }
};

class HttpTerminalFactory {
 public:
  virtual ~HttpTerminalFactory() = default;
  virtual HttpTerminal* create(Stream& stream) const = 0;
};

}  // namespace weir::filter
