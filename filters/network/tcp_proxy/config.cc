#include <chrono>
#include <optional>
#include <tuple>

#include "config/schema.h"
#include "config/types/cluster_choice.h"
#include "config/types/keepalive.h"
#include "core/filter/registry.h"
#include "filters/network/tcp_proxy/tcp_proxy.h"

namespace weir::filters {
namespace {

struct Settings {
  std::optional<config::ClusterChoice> cluster;
  std::optional<std::chrono::milliseconds> idle_timeout{TcpProxySettings{}.idle_timeout};
  std::uint32_t connect_attempts = TcpProxySettings{}.connect_attempts;
  config::Keepalive keepalive;

  static constexpr std::string_view type_name = "tcp_proxy";
  static constexpr auto fields =
      std::tuple{config::field("cluster", &Settings::cluster,
                               "where the bytes go: a cluster, or several by weight")
                     .required(),
                 config::field("idle_timeout", &Settings::idle_timeout,
                               "nothing moves either way; both sides are reset, so that nothing "
                               "cut short looks complete")
                     .at_least(std::chrono::milliseconds(1))
                     .or_off(),
                 config::field("connect_attempts", &Settings::connect_attempts,
                               "at different endpoints while there are")
                     .range(1, 8),
                 config::field("keepalive", &Settings::keepalive, "of TCP, towards the client")};
};

std::unique_ptr<filter::NetworkTerminalFactory> make(const config::Node& node,
                                                     config::Reading& reading,
                                                     filter::BuildScope& scope) {
  Settings settings;
  const bool ok = config::read(node, settings, reading);
  // The names are looked at whatever else is wrong.
  if (!settings.cluster) return nullptr;
  const auto step = reading.enter("cluster");
  auto cluster = settings.cluster->compiled(scope, reading);
  if (!ok || !cluster) return nullptr;
  TcpProxySettings proxy;
  proxy.cluster = *std::move(cluster);
  proxy.idle_timeout = settings.idle_timeout.value_or(std::chrono::milliseconds(0));
  proxy.connect_attempts = settings.connect_attempts;
  proxy.keepalive = settings.keepalive.compiled();
  return make_tcp_proxy(std::move(proxy), scope.clusters());
}

}  // namespace

filter::FilterType tcp_proxy_type() {
  return {.name = "tcp_proxy",
          .doc = "ends a chain: passes bytes between the client and an endpoint",
          .settings = &config::type_info<Settings>,
          .make_network_terminal = &make};
}

}  // namespace weir::filters
