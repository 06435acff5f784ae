#include "filters/accept/ip_filter/ip_filter.h"

namespace weir::filters {
namespace {

class Refusal final : public filter::AcceptFilter {
 public:
  filter::Verdict on_accept(filter::ConnectionInfo&) override { return filter::Verdict::Finish; }
};

class IpFilter final : public filter::AcceptFilterFactory {
 public:
  explicit IpFilter(IpRules rules) : rules_(std::move(rules)) {}

  std::unique_ptr<filter::AcceptFilter> create(event::Reactor&,
                                               const filter::ConnectionInfo& info) const override {
    if (!refuses(info.client)) return nullptr;
    return std::make_unique<Refusal>();
  }
  bool refuses(const net::Address& client) const override { return !rules_.lets_pass(client); }

 private:
  IpRules rules_;
};

}  // namespace

bool IpRules::lets_pass(const net::Address& address) const {
  if (!address.is_ip()) return true;
  return !deny.contains(address) && (allow.empty() || allow.contains(address));
}

std::unique_ptr<filter::AcceptFilterFactory> make_accept_ip_filter(IpRules rules) {
  return std::make_unique<IpFilter>(std::move(rules));
}

}  // namespace weir::filters
