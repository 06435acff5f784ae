#pragma once

#include <memory>

#include "core/upstream/balancer.h"
#include "core/upstream/cluster_spec.h"
#include "core/upstream/endpoint_set.h"

namespace weir::upstream {

// A cluster as it is at one time: replaced as a whole when its specification or its members
// change. Immutable; used by all workers.
struct ClusterVersion {
  std::shared_ptr<const ClusterSpec> spec;  // shared by versions; only the control thread copies it
  EndpointSet endpoints;
  std::unique_ptr<Balancer> balancer;
  bool waiting_for_dns = false;  // nothing is known yet: requests wait instead of failing
};

}  // namespace weir::upstream
