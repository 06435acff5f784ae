#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
    const auto index = static_cast<std::uint32_t>(clusters_.size());
    by_name_.emplace(spec.name, index);
    clusters_.push_back({std::make_shared<const ClusterSpec>(std::move(spec)), {}});
    return index;
  }
  std::optional<std::uint32_t> find(std::string_view name) const {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return std::nullopt;
    return found->second;
  }
  const Cluster& at(std::uint32_t index) const { return clusters_[index]; }
  Cluster& at(std::uint32_t index) { return clusters_[index]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(clusters_.size()); }

 private:
  std::deque<Cluster> clusters_;
  std::map<std::string, std::uint32_t, std::less<>> by_name_;
};

}  // namespace weir::upstream
