#include "filters/http/ip_filter/ip_filter.h"

#include "core/filter/http_context.h"
#include "core/filter/stream.h"

namespace weir::filters {
namespace {

constexpr std::uint16_t kStatus = 403;

class Refusal final : public filter::HttpFilter {
 public:
  filter::Verdict on_request(filter::HttpContext& context, http::Request&, bool) override {
    return context.respond({.status = kStatus, .why = filter::Reason::FilterReply});
  }
};

class IpFilter final : public filter::HttpFilterFactory {
 public:
  explicit IpFilter(IpRules rules)
      : HttpFilterFactory(filter::hooks_of<Refusal>()), rules_(std::move(rules)) {}

  filter::HttpFilter* join(filter::Stream& stream) const override {
    if (rules_.lets_pass(*stream.view().client)) return nullptr;
    return stream.arena().make<Refusal>();
  }
  std::optional<std::uint16_t> answer_to(const net::Address& client) const override {
    return rules_.lets_pass(client) ? std::nullopt : std::optional(kStatus);
  }

 private:
  IpRules rules_;
};

}  // namespace

std::unique_ptr<filter::HttpFilterFactory> make_http_ip_filter(IpRules rules) {
  return std::make_unique<IpFilter>(std::move(rules));
}

}  // namespace weir::filters
