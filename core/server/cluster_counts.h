#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/server/metrics_blocks.h"
#include "core/server/metrics_table.h"
#include "core/upstream/cluster_counters.h"

namespace weir::server {

// Carries what the workers count of one cluster over into the metrics of its name, until the last
// of them has let go of the cluster. Control thread, which alone writes those cells.
class ClusterCounts {
 public:
  using Counters = std::shared_ptr<const upstream::CountersByReactor>;

  ClusterCounts(Counters counters, MetricsTable<ClusterMetrics>::Use metrics)
      : counters_(std::move(counters)), metrics_(std::move(metrics)) {}

  // False when the cluster is gone, and nothing will be counted any more.
  bool update();

 private:
  Counters counters_;
  MetricsTable<ClusterMetrics>::Use metrics_;
  std::unique_ptr<upstream::ClusterCounters> seen_;  // what was carried over; null for nothing
};

}  // namespace weir::server
