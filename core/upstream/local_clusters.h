#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/event/generation.h"
#include "core/upstream/cluster_version.h"
#include "core/upstream/local_cluster.h"

namespace weir::upstream {

// One reactor's clusters, by ClusterState::slot. The ClusterRegistry opens and closes them by
// posting, always before a Snapshot that names them arrives and after the last is gone. One that
// nobody has used on this reactor takes up a few words.
class LocalClusters final : public event::ReactorLocal {
 public:
  explicit LocalClusters(event::Reactor& reactor) : reactor_(reactor) {}

  LocalCluster& of(const ClusterState& state) {
    LocalCluster* const local = clusters_[state.slot].local.get();
    return local != nullptr ? *local : make(state.slot);
  }
  // Null when there is none, or nobody has used it yet.
  LocalCluster* find(std::uint32_t slot) const {
    return slot < clusters_.size() ? clusters_[slot].local.get() : nullptr;
  }

  // --- for ClusterRegistry ---------------------------------------------------------------------
  void open(event::Generation<ClusterState>& state);
  void adopt(std::uint32_t slot, event::Generation<ClusterVersion>& version);
  // Lets what is under way finish; pooled connections close.
  void close(std::uint32_t slot);

  // --- for LocalCluster ------------------------------------------------------------------------
  // It was closed, and nothing is left of it.
  void remove(LocalCluster& cluster);
  // Closes an idle connection of any of them, in turn; false when there is none.
  bool close_idle();

 private:
  struct Place {
    event::Use<ClusterState> state;
    event::Use<ClusterVersion> version;  // until there is a LocalCluster, which has it then
    std::unique_ptr<LocalCluster> local;
  };

  LocalCluster& make(std::uint32_t slot);

  event::Reactor& reactor_;
  std::vector<Place> clusters_;
  std::size_t close_next_ = 0;  // where close_idle() looks first
};

}  // namespace weir::upstream
