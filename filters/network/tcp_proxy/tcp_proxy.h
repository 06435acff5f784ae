#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "core/filter/network_filter.h"
#include "core/net/socket.h"
#include "core/route/route.h"
#include "core/upstream/cluster_table.h"

namespace weir::filters {

struct TcpProxySettings {
  route::ToCluster cluster;  // one, or several by weight
  // Nothing moves either way; zero is none.
  std::chrono::milliseconds idle_timeout{3'600'000};
  std::uint32_t connect_attempts = 3;  // at different endpoints while there are
  net::ConnectOptions keepalive;       // towards the client; that of the cluster is its own
};

// The terminal network filter that passes bytes between a client and an endpoint of a cluster, each
// direction until its own end. `clusters` outlives the factory.
std::unique_ptr<filter::NetworkTerminalFactory> make_tcp_proxy(
    TcpProxySettings settings, const upstream::ClusterTable& clusters);

}  // namespace weir::filters
