#include "filters/http/headers/headers.h"

#include "core/filter/http_context.h"
#include "core/filter/stream.h"

namespace weir::filters {
namespace {

using filter::Verdict;

class Headers final : public filter::HttpFilter {
 public:
  explicit Headers(const HeadersSettings& settings) : settings_(settings) {}

  Verdict on_request(filter::HttpContext& context, http::Request& request, bool) override {
    settings_.request.apply(context.stream().view(), request.headers);
    return Verdict::Continue;
  }
  Verdict on_response(filter::HttpContext& context, http::Response& response, bool) override {
    settings_.response.apply(context.stream().view(), response.headers);
    return Verdict::Continue;
  }

 private:
  const HeadersSettings& settings_;
};

class HeadersFactory final : public filter::HttpFilterFactory {
 public:
  explicit HeadersFactory(HeadersSettings settings)
      : HttpFilterFactory(filter::hooks_of<Headers>()), settings_(std::move(settings)) {}

  filter::HttpFilter* join(filter::Stream& stream) const override {
    return stream.arena().make<Headers>(settings_);
  }
  void explain(const route::ExchangeView& exchange, filter::Texts texts,
               http::HeaderMap& request) const override {
    settings_.request.explain(exchange, texts, request);
  }

 private:
  HeadersSettings settings_;
};

}  // namespace

std::unique_ptr<filter::HttpFilterFactory> make_headers(HeadersSettings settings) {
  return std::make_unique<HeadersFactory>(std::move(settings));
}

}  // namespace weir::filters
