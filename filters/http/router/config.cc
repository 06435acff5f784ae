#include <tuple>

#include "config/schema.h"
#include "core/filter/registry.h"
#include "filters/http/router/router.h"

namespace weir::filters {
namespace {

struct Settings {
  std::string routes;

  static constexpr std::string_view type_name = "router";
  static constexpr auto fields =
      std::tuple{config::field("routes", &Settings::routes, "the list of routes").required()};
};

bool make(const config::Node& node, config::Reading& reading, filter::BuildScope& scope,
          filter::HttpChain& chain) {
  Settings settings;
  const bool ok = config::read(node, settings, reading);
  // The name is looked at whatever else is wrong.
  const config::Node* const routes = node.find("routes");
  if (routes == nullptr || reading.unread(routes->where())) return false;
  const auto step = reading.enter("routes");
  chain.routes = scope.routes(settings.routes, *routes, reading);
  if (!ok || chain.routes == nullptr) return false;
  chain.terminal = make_router(scope.clusters());
  return true;
}

}  // namespace

filter::FilterType router_type() {
  return {.name = "router",
          .doc = "ends an HTTP chain: does what the route of a request says",
          .settings = &config::type_info<Settings>,
          .make_http_terminal = &make};
}

}  // namespace weir::filters
