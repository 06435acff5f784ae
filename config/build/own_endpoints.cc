#include "config/build/own_endpoints.h"

#include <algorithm>
#include <string>
#include <variant>

#include "core/base/quote.h"

namespace weir::config {

namespace {

bool is_loopback(const net::Address& address) {
  const std::string_view bytes = address.ip_bytes();
  if (address.family() == net::Address::Family::V4) return bytes.front() == 127;
  return bytes.back() == 1 &&
         std::all_of(bytes.begin(), bytes.end() - 1, [](char byte) { return byte == 0; });
}

bool leads_to(const net::Address& endpoint, const net::Address& listener) {
  if (endpoint.family() == net::Address::Family::None) return false;
  if (endpoint == listener) return true;
  if (!endpoint.is_ip() || endpoint.family() != listener.family()) return false;
  const std::string_view bytes = listener.ip_bytes();
  const bool any = std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
  return any && endpoint.port() == listener.port() && is_loopback(endpoint);
}

bool passes_unchanged(const route::Route& route) {
  return !route.rewrite && !route.rewrite_host && route.request_headers.empty() &&
         route.match.client_ip.empty() && route.match.sni.empty() && route.match.ports.empty() &&
         !route.match.percent;
}

// The endpoint of the cluster that is a listener of the list, as a text; empty when none is.
std::string own_endpoint(const RouteList& list, const upstream::ClusterSpec& cluster) {
  const auto* endpoints = std::get_if<upstream::StaticEndpoints>(&cluster.membership);
  if (endpoints == nullptr) return {};
  for (const upstream::EndpointSpec& endpoint : *endpoints) {
    for (const net::Address& listener : list.addresses) {
      if (leads_to(endpoint.address, listener)) return endpoint.address.to_string();
    }
  }
  return {};
}

}  // namespace

void report_own_endpoints(Scope& scope, Reading& reading) {
  const auto step = reading.enter("routes");
  for (const auto& list : scope.route_lists()) {
    if (list->table == nullptr) continue;
    const auto inner = reading.enter(list->written.name);
    for (const route::Route& route : list->table->routes()) {
      const auto* to = std::get_if<route::ToCluster>(&route.action);
      if (to == nullptr || !passes_unchanged(route)) continue;
      const model::Route& written = list->written.value[route.index];
      const auto of_route =
          written.name.empty() ? reading.enter(route.index) : reading.enter(written.name);
      if (!reading.sound(written.where)) continue;
      for (std::size_t i = 0; i < to->clusters.size(); ++i) {
        const upstream::ClusterSpec& cluster = *scope.clusters().at(to->clusters[i].index).spec;
        const std::string endpoint = own_endpoint(*list, cluster);
        if (endpoint.empty()) continue;
        const std::size_t before = reading.diagnostics().kept();
        reading.warning_below("cluster", written.cluster->items[i].where,
                              "leads back to itself: the endpoint " + endpoint + " of " +
                                  quote(cluster.name) + " is a listener of these routes");
        reading.diagnostics().involve(before, reading.path().text());
        reading.diagnostics().involve(before, KeyPath("clusters").below(cluster.name));
      }
    }
  }
}

}  // namespace weir::config
