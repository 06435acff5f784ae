#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "core/upstream/cluster_spec.h"
#include "core/upstream/endpoint_set.h"

namespace weir::upstream {

struct ClusterState;

// What a balancer may look at to pick an endpoint for one attempt.
struct PickInput {
  // Where the exchange failed before; not to be looked into, the endpoints may be gone.
  std::span<const EndpointState* const> tried = {};
  std::uint32_t random = 0;
  // Whether an endpoint has room under endpoint_limits; null when there are none.
  bool (*has_room)(const void* limits, const EndpointState& endpoint) = nullptr;
  const void* limits = nullptr;

  // Only such endpoints may be picked.
  bool allows(const EndpointState& endpoint) const {
    return endpoint.eligible() && (has_room == nullptr || has_room(limits, endpoint)) &&
           std::find(tried.begin(), tried.end(), &endpoint) == tried.end();
  }
};

// Picks endpoints of one EndpointSet. Used by all workers at once: without locks, without
// allocation; what it counts is atomic.
class Balancer {
 public:
  virtual ~Balancer() = default;

  // Null when `input` allows none.
  virtual EndpointState* pick(const PickInput& input) = 0;
};

// The balancer that `spec` asks for; `endpoints` and `cluster` outlive it. Control thread.
std::unique_ptr<Balancer> make_balancer(const BalanceSpec& spec, const EndpointSet& endpoints,
                                        ClusterState& cluster);

}  // namespace weir::upstream
