#include "core/upstream/balancer.h"

#include "core/upstream/cluster_state.h"
#include "core/upstream/round_robin.h"

namespace weir::upstream {

std::unique_ptr<Balancer> make_balancer(const BalanceSpec& spec, const EndpointSet& endpoints,
                                        ClusterState& cluster) {
  switch (spec.policy) {
    case BalanceSpec::Policy::RoundRobin:
      break;
  }
  return std::make_unique<RoundRobin>(endpoints, cluster.cursor);
}

}  // namespace weir::upstream
