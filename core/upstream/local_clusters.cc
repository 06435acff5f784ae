#include "core/upstream/local_clusters.h"

#include "core/base/check.h"

namespace weir::upstream {

void LocalClusters::open(event::Generation<ClusterState>& state) {
  const std::uint32_t slot = state->slot;
  if (slot >= clusters_.size()) clusters_.resize(slot + 1);
  WEIR_ASSERT(!clusters_[slot].state);
  clusters_[slot].state = event::Use<ClusterState>(state, reactor_);
}

LocalCluster& LocalClusters::make(std::uint32_t slot) {
  Place& place = clusters_[slot];
  place.local = std::make_unique<LocalCluster>(reactor_, *this, place.state);
  place.local->adopt(std::exchange(place.version, {}));
  return *place.local;
}

void LocalClusters::adopt(std::uint32_t slot, event::Generation<ClusterVersion>& version) {
  Place& place = clusters_[slot];
  event::Use<ClusterVersion> use(version, reactor_);
  if (place.local != nullptr) {
    place.local->adopt(std::move(use));
  } else {
    place.version = std::move(use);
  }
}

void LocalClusters::close(std::uint32_t slot) {
  Place& place = clusters_[slot];
  if (place.local != nullptr) {
    place.local->close();
  } else {
    place = {};
  }
}

bool LocalClusters::close_idle() {
  for (std::size_t i = 0; i < clusters_.size(); ++i) {
    close_next_ = close_next_ + 1 < clusters_.size() ? close_next_ + 1 : 0;
    LocalCluster* const cluster = clusters_[close_next_].local.get();
    if (cluster != nullptr && cluster->close_idle()) return true;
  }
  return false;
}

void LocalClusters::remove(LocalCluster& cluster) {
  Place& place = clusters_[cluster.state().slot];
  reactor_.loop().retire(std::move(place.local));
  place = {};
}

}  // namespace weir::upstream
