#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/event/generation.h"
#include "core/filter/exchange_record.h"
#include "core/server/shared_cluster.h"

namespace weir::server {

// Where one worker measures the latencies of clusters, by their names. Worker thread.
class WorkerClusters {
 public:
  explicit WorkerClusters(event::Reactor& reactor) : reactor_(reactor) {}

  // In the order of their names.
  void update(std::span<event::Generation<SharedCluster>* const> clusters);
  void clear();
  void on_exchange(const filter::ExchangeRecord& record);

 private:
  struct Entry {
    event::Use<SharedCluster> shared;
    ClusterMetrics* metrics = nullptr;  // from the first exchange on
  };

  event::Reactor& reactor_;
  std::vector<Entry> entries_;  // by name
  Entry* last_ = nullptr;       // most exchanges go where the one before went
};

}  // namespace weir::server
