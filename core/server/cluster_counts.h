#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/server/metrics_blocks.h"
#include "core/server/metrics_table.h"
#include "core/upstream/cluster_state.h"

namespace weir::server {

// Carries what the workers count in a cluster's state over into its metrics. Control thread, which
// alone writes those cells.
class ClusterCounts {
 public:
  static constexpr std::size_t kCounters = 10;
  static constexpr std::size_t kStatusClasses = 6;

  explicit ClusterCounts(unsigned workers) : seen_(workers) {}

  void update(const upstream::ClusterState& state,
              const MetricsTable<ClusterMetrics>::Use& metrics);

 private:
  std::vector<std::array<std::uint64_t, kCounters + kStatusClasses>> seen_;  // by worker
};

}  // namespace weir::server
