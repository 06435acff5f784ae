#pragma once

#include <cstdint>

#include "core/event/timer.h"
#include "core/filter/http_context.h"
#include "core/filter/http_filter.h"
#include "core/filter/stream.h"

namespace weir::test {

class WildWorld;

// Does anything in any hook.
class WildFilter final : public filter::HttpFilter {
 public:
  explicit WildFilter(WildWorld& world);
  ~WildFilter() override;

  filter::Verdict on_request(filter::HttpContext& context, http::Request&, bool) override {
    return act(context, filter::kOnRequest, nullptr);
  }
  filter::Verdict on_request_body(filter::HttpContext& context, Buffer& data, bool) override {
    return act(context, filter::kOnRequestBody, &data);
  }
  filter::Verdict on_request_trailers(filter::HttpContext& context, http::HeaderMap&) override {
    return act(context, filter::kOnRequestTrailers, nullptr);
  }
  filter::Verdict on_response(filter::HttpContext& context, http::Response&, bool) override {
    return act(context, filter::kOnResponse, nullptr);
  }
  filter::Verdict on_response_body(filter::HttpContext& context, Buffer& data, bool) override {
    return act(context, filter::kOnResponseBody, &data);
  }
  filter::Verdict on_response_trailers(filter::HttpContext& context, http::HeaderMap&) override {
    return act(context, filter::kOnResponseTrailers, nullptr);
  }
  void on_route_changed(filter::HttpContext& context) override;
  void on_complete(filter::HttpContext& context) override;

  // A resume or answer that comes from outside.
  void late(bool request);

 private:
  filter::Verdict act(filter::HttpContext& context, filter::HttpHook hook, Buffer* data);
  filter::Verdict pause(filter::HttpContext& context, bool request);
  void timed() { late(timed_request_); }

  WildWorld& world_;
  filter::HttpContext* context_ = nullptr;
  std::uint64_t id_;
  event::Timer timer_;
  bool timed_request_ = false;
  bool completed_ = false;
};

class WildFactory final : public filter::HttpFilterFactory {
 public:
  WildFactory(WildWorld& world, std::uint8_t hooks) : HttpFilterFactory(hooks), world_(world) {}
  filter::HttpFilter* join(filter::Stream& stream) const override;

 private:
  WildWorld& world_;
};

}  // namespace weir::test
