#pragma once

#include <string>

#include "core/server/metrics_registry.h"

namespace weir::server {

// What the workers share of one cluster to measure it. A generation: made and destroyed on the
// control thread.
struct SharedCluster {
  SharedCluster(std::string n, MetricsTable<ClusterMetrics>::Use m)
      : name(std::move(n)), metrics(std::move(m)) {}

  const std::string name;
  const MetricsTable<ClusterMetrics>::Use metrics;
};

}  // namespace weir::server
