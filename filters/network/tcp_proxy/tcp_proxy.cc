#include "filters/network/tcp_proxy/tcp_proxy.h"

#include <algorithm>
#include <utility>

#include "filters/network/tcp_proxy/tcp_session.h"

namespace weir::filters {
namespace {

class TcpProxy final : public filter::NetworkTerminalFactory {
 public:
  TcpProxy(TcpProxySettings settings, const upstream::ClusterTable& clusters)
      : settings_(std::move(settings)), clusters_(clusters) {}

  std::unique_ptr<filter::NetworkTerminal> create(filter::Downstream& downstream) const override {
    const route::ToCluster& to = settings_.cluster;
    std::uint32_t left = downstream.reactor().random() % std::max(to.total_weight, 1u);
    std::uint32_t index = to.clusters.back().index;
    for (const route::WeightedCluster& cluster : to.clusters) {
      if (left < cluster.weight) {
        index = cluster.index;
        break;
      }
      left -= cluster.weight;
    }
    return std::make_unique<TcpSession>(downstream, settings_, clusters_.at(index));
  }

 private:
  TcpProxySettings settings_;
  const upstream::ClusterTable& clusters_;
};

}  // namespace

std::unique_ptr<filter::NetworkTerminalFactory> make_tcp_proxy(
    TcpProxySettings settings, const upstream::ClusterTable& clusters) {
  return std::make_unique<TcpProxy>(std::move(settings), clusters);
}

}  // namespace weir::filters
