#include "filters/http/body_limit/body_limit.h"

#include "core/filter/http_context.h"
#include "core/filter/stream.h"

namespace weir::filters {
namespace {

class BodyLimit final : public filter::HttpFilter {
 public:
  explicit BodyLimit(std::uint64_t bytes) : left_(bytes) {}

  filter::Verdict on_request(filter::HttpContext& context, http::Request& request, bool) override {
    return request.content_length > left_ ? refuse(context) : filter::Verdict::Continue;
  }
  filter::Verdict on_request_body(filter::HttpContext& context, Buffer& data, bool) override {
    if (context.stream().tunnel()) return filter::Verdict::Continue;
    if (data.size() > left_) return refuse(context);
    left_ -= data.size();
    return filter::Verdict::Continue;
  }

 private:
  static filter::Verdict refuse(filter::HttpContext& context) {
    return context.respond({.status = 413, .why = filter::Reason::BodyTooLarge});
  }

  std::uint64_t left_;
};

class BodyLimitFactory final : public filter::HttpFilterFactory {
 public:
  explicit BodyLimitFactory(std::uint64_t bytes)
      : HttpFilterFactory(filter::hooks_of<BodyLimit>()), bytes_(bytes) {}

  filter::HttpFilter* join(filter::Stream& stream) const override {
    if (stream.request().body == http::BodyKind::None) return nullptr;
    return stream.arena().make<BodyLimit>(bytes_);
  }

 private:
  std::uint64_t bytes_;
};

}  // namespace

std::unique_ptr<filter::HttpFilterFactory> make_body_limit(std::uint64_t bytes) {
  return std::make_unique<BodyLimitFactory>(bytes);
}

}  // namespace weir::filters
