#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/upstream/cluster_spec.h"
#include "core/upstream/cluster_use.h"

namespace weir::upstream {

// One cluster of one Snapshot.
struct Cluster {
  std::shared_ptr<const ClusterSpec> spec;  // the control thread's to share
  ClusterUse use;                           // empty until ClusterRegistry::adopt()

  // What it shares with the clusters of that name in other Snapshots.
  ClusterState& state() const { return *use.get(); }
};

// The clusters of one Snapshot, by index: what routes and `tcp_proxy` name. Made by whoever builds
// the Snapshot, which owns it; the control thread hands it to ClusterRegistry::adopt() before it
// publishes the Snapshot, and destroys it. Filters may keep a reference from the start, since
// workers look at it only after that.
class ClusterTable {
 public:
  ClusterTable() = default;
  ClusterTable(const ClusterTable&) = delete;
  ClusterTable& operator=(const ClusterTable&) = delete;

  // The index of the new cluster. Names are unique: find() first.
  std::uint32_t add(ClusterSpec spec) {
    by_name_.insert(place_of(spec.name), size());
    clusters_.push_back({std::make_shared<const ClusterSpec>(std::move(spec)), {}});
    return size() - 1;
  }
  std::optional<std::uint32_t> find(std::string_view name) const {
    const auto found = place_of(name);
    if (found == by_name_.end() || at(*found).spec->name != name) return std::nullopt;
    return *found;
  }
  const Cluster& at(std::uint32_t index) const { return clusters_[index]; }
  Cluster& at(std::uint32_t index) { return clusters_[index]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(clusters_.size()); }

 private:
  // The first whose name is not before `name`.
  std::vector<std::uint32_t>::const_iterator place_of(std::string_view name) const {
    return std::lower_bound(by_name_.begin(), by_name_.end(), name,
                            [this](std::uint32_t index, std::string_view other) {
                              return at(index).spec->name < other;
                            });
  }

  std::deque<Cluster> clusters_;
  std::vector<std::uint32_t> by_name_;  // all, sorted by name
};

}  // namespace weir::upstream
