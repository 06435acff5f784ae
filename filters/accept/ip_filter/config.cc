#include "core/filter/registry.h"
#include "filters/accept/ip_filter/ip_rules_settings.h"

namespace weir::filters {
namespace {

std::unique_ptr<filter::AcceptFilterFactory> make(const config::Node& node,
                                                  config::Reading& reading, const StateScope&) {
  IpRulesSettings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  return make_accept_ip_filter(settings.compiled());
}

}  // namespace

filter::FilterType accept_ip_filter_type() {
  return {.name = "ip_filter",
          .doc = "refuses connections by the address of who is connected",
          .settings = &config::type_info<IpRulesSettings>,
          .make_accept = &make};
}

}  // namespace weir::filters
