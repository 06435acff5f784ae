#include "core/filter/registry.h"
#include "filters/accept/ip_filter/ip_rules_settings.h"
#include "filters/http/ip_filter/ip_filter.h"

namespace weir::filters {
namespace {

std::unique_ptr<filter::HttpFilterFactory> make(const config::Node& node,
                                                config::Reading& reading) {
  IpRulesSettings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  return make_http_ip_filter(settings.compiled());
}

}  // namespace

filter::FilterType http_ip_filter_type() {
  return {.name = "ip_filter",
          .doc = "answers 403 by the address of the client, as trusted proxies name it",
          .settings = &config::type_info<IpRulesSettings>,
          .make_http = &make};
}

}  // namespace weir::filters
