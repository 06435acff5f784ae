#include "config/build/route_ports.h"

#include <string>

namespace weir::config {

namespace {

bool has_port_in(const RouteList& list, const route::PortRange& range) {
  const auto found = list.ports.lower_bound(range.first);
  return found != list.ports.end() && *found <= range.last;
}

}  // namespace

void report_unused_ports(Scope& scope, Reading& reading) {
  if (scope.gaps().ports || scope.gaps().chains) return;
  const auto step = reading.enter("routes");
  for (const auto& list : scope.route_lists()) {
    if (!list->used || list->any_port) continue;
    const auto inner = reading.enter(list->written.name);
    const std::vector<model::Route>& routes = list->written.value;
    for (std::size_t i = 0; i < routes.size(); ++i) {
      const auto of_route =
          routes[i].name.empty() ? reading.enter(i) : reading.enter(routes[i].name);
      const auto of_match = reading.enter("match");
      for (const auto& port : routes[i].match.port) {
        if (has_port_in(*list, port.value) || reading.unread(port.where)) continue;
        reading.warning_below("port", port.where, "no listener that uses these routes has it");
      }
    }
  }
}

}  // namespace weir::config
