#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "config/schema.h"
#include "config/types/network.h"
#include "core/filter/registry.h"
#include "core/net/address_scope.h"
#include "filters/accept/proxy_protocol/proxy_protocol.h"

namespace weir::filters {
namespace {

struct Settings {
  std::vector<net::Cidr> from;
  bool optional = ProxyProtocolSettings{}.optional;

  static constexpr std::string_view type_name = "proxy_protocol";
  static constexpr auto fields = std::tuple{
      config::field("from", &Settings::from, "who may send the header; everybody without it")
          .one_or_many()
          .not_empty()
          .set(),
      config::field("optional", &Settings::optional, "connections without a header pass too")};
};

std::unique_ptr<filter::AcceptFilterFactory> make(const config::Node& node,
                                                  config::Reading& reading, const StateScope&) {
  Settings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  return make_proxy_protocol({net::CidrSet(settings.from), settings.optional});
}

// Whether `from`, a block or a list of them, leaves nobody out.
bool names_everybody(const config::Node& from) {
  const auto is_everything = [](const config::Node& block) { return block.text().ends_with("/0"); };
  if (!from.is_list()) return is_everything(from);
  return std::any_of(from.items().begin(), from.items().end(), is_everything);
}

std::string risk_of(const config::Node& node, const filter::FilterType::Listener& listener) {
  const config::Node* const from = node.find("from");
  const bool everybody = from == nullptr || names_everybody(*from);
  if (!everybody || !listener.address.is_ip() || net::is_loopback(listener.address)) return {};
  return "whoever connects can claim any address: write from: with the blocks of the load "
         "balancers";
}

}  // namespace

filter::FilterType proxy_protocol_type() {
  return {.name = "proxy_protocol",
          .doc = "takes the client's address from the PROXY header that a load balancer sends",
          .settings = &config::type_info<Settings>,
          .make_accept = &make,
          .risk = &risk_of};
}

}  // namespace weir::filters
