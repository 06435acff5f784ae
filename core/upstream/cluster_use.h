#pragma once

#include <utility>

namespace weir::upstream {

class ClusterRegistry;
struct ClusterState;

// Keeps a cluster's shared state alive: the naming of it by one Snapshot. Control thread; not
// after the registry is gone.
class ClusterUse {
 public:
  ClusterUse() = default;
  ClusterUse(ClusterUse&& other) noexcept
      : registry_(std::exchange(other.registry_, nullptr)),
        state_(std::exchange(other.state_, nullptr)) {}
  ClusterUse& operator=(ClusterUse&& other) noexcept {
    std::swap(registry_, other.registry_);
    std::swap(state_, other.state_);
    return *this;
  }
  ~ClusterUse();

  ClusterState* get() const { return state_; }

 private:
  friend class ClusterRegistry;
  ClusterUse(ClusterRegistry& registry, ClusterState& state)
      : registry_(&registry), state_(&state) {}

  ClusterRegistry* registry_ = nullptr;
  ClusterState* state_ = nullptr;
};

}  // namespace weir::upstream
