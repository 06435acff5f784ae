#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/filter/http_context.h"
#include "core/filter/http_filter.h"
#include "core/filter/stream.h"

namespace weir::test {

inline std::string_view name_of(filter::HttpHook hook) {
  switch (hook) {
    case filter::kOnRequest:
      return "request";
    case filter::kOnRequestBody:
      return "request_body";
    case filter::kOnRequestTrailers:
      return "request_trailers";
    case filter::kOnResponse:
      return "response";
    case filter::kOnResponseBody:
      return "response_body";
    case filter::kOnResponseTrailers:
      return "response_trailers";
    case filter::kOnRouteChanged:
      return "route_changed";
    case filter::kOnComplete:
      return "complete";
  }
  return "";
}

// What one filter of a test does, and what it was called with. One stream at a time.
struct FilterPlan {
  std::string name;
  std::uint8_t hooks = 0xff;
  bool joins = true;
  // `data` and `end` as the hook has them; null and false without.
  std::function<filter::Verdict(filter::HttpContext&, filter::HttpHook, Buffer* data, bool end)>
      act;
  filter::HttpContext* context = nullptr;  // while the stream is there
  int joined = 0;
  int completed = 0;
};

// What all filters of a test were called with, in order: "a.request", "b.request_body xyz end".
struct FilterLog {
  std::vector<std::string> lines;
  int inside = 0;       // hooks that run now
  bool nested = false;  // a hook ran inside another
  bool complete_nested = false;

  // What came since the last call, the lines separated by "; ".
  std::string take() {
    std::string all;
    for (const std::string& line : lines) all += (all.empty() ? "" : "; ") + line;
    lines.clear();
    return all;
  }
};

class RecordingFilter final : public filter::HttpFilter {
 public:
  using Verdict = filter::Verdict;
  using HttpContext = filter::HttpContext;

  RecordingFilter(FilterPlan& plan, FilterLog& log) : plan_(plan), log_(log) {}
  ~RecordingFilter() override { plan_.context = nullptr; }

  Verdict on_request(HttpContext& context, http::Request&, bool end) override {
    return call(context, filter::kOnRequest, nullptr, end);
  }
  Verdict on_request_body(HttpContext& context, Buffer& data, bool end) override {
    return call(context, filter::kOnRequestBody, &data, end);
  }
  Verdict on_request_trailers(HttpContext& context, http::HeaderMap&) override {
    return call(context, filter::kOnRequestTrailers, nullptr, false);
  }
  Verdict on_response(HttpContext& context, http::Response&, bool end) override {
    return call(context, filter::kOnResponse, nullptr, end);
  }
  Verdict on_response_body(HttpContext& context, Buffer& data, bool end) override {
    return call(context, filter::kOnResponseBody, &data, end);
  }
  Verdict on_response_trailers(HttpContext& context, http::HeaderMap&) override {
    return call(context, filter::kOnResponseTrailers, nullptr, false);
  }
  void on_route_changed(HttpContext& context) override {
    --log_.inside;  // called from within reroute(), and so from within a hook
    call(context, filter::kOnRouteChanged, nullptr, false);
    ++log_.inside;
  }
  void on_complete(HttpContext& context) override {
    ++plan_.completed;
    log_.complete_nested = log_.complete_nested || log_.inside > 0;
    call(context, filter::kOnComplete, nullptr, false);
  }

 private:
  Verdict call(HttpContext& context, filter::HttpHook hook, Buffer* data, bool end) {
    plan_.context = &context;
    std::string line = plan_.name + "." + std::string(name_of(hook));
    if (data != nullptr && !data->empty()) line += " " + data->to_string();
    if (end) line += " end";
    log_.lines.push_back(std::move(line));
    log_.nested = log_.nested || log_.inside > 0;
    ++log_.inside;
    const Verdict verdict = plan_.act ? plan_.act(context, hook, data, end) : Verdict::Continue;
    --log_.inside;
    return verdict;
  }

  FilterPlan& plan_;
  FilterLog& log_;
};

class RecordingFactory final : public filter::HttpFilterFactory {
 public:
  RecordingFactory(FilterPlan& plan, FilterLog& log)
      : HttpFilterFactory(plan.hooks), plan_(plan), log_(log) {}

  filter::HttpFilter* join(filter::Stream& stream) const override {
    if (!plan_.joins) return nullptr;
    ++plan_.joined;
    return stream.arena().make<RecordingFilter>(plan_, log_);
  }

 private:
  FilterPlan& plan_;
  FilterLog& log_;
};

}  // namespace weir::test
