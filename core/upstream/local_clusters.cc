#include "core/upstream/local_clusters.h"

#include "core/base/check.h"

namespace weir::upstream {

void LocalClusters::open(event::Generation<ClusterState>& state) {
  const std::uint32_t slot = state->slot;
  if (slot >= clusters_.size()) clusters_.resize(slot + 1);
  WEIR_ASSERT(clusters_[slot] == nullptr);
  clusters_[slot] = std::make_unique<LocalCluster>(reactor_, *this, state);
}

void LocalClusters::adopt(std::uint32_t slot, event::Generation<ClusterVersion>& version) {
  clusters_[slot]->adopt(version);
}

void LocalClusters::close(std::uint32_t slot) {
  clusters_[slot]->close();
}

bool LocalClusters::close_idle() {
  for (std::size_t i = 0; i < clusters_.size(); ++i) {
    close_next_ = close_next_ + 1 < clusters_.size() ? close_next_ + 1 : 0;
    LocalCluster* const cluster = clusters_[close_next_].get();
    if (cluster != nullptr && cluster->close_idle()) return true;
  }
  return false;
}

void LocalClusters::remove(LocalCluster& cluster) {
  std::unique_ptr<LocalCluster>& place = clusters_[cluster.state().slot];
  reactor_.loop().retire(std::move(place));
}

}  // namespace weir::upstream
