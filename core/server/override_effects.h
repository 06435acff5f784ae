#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/server/override.h"
#include "core/server/snapshot.h"
#include "core/upstream/cluster_registry.h"

namespace weir::server {

// Whether what operators have set acts on anything that `snapshot` has. Control thread, within a
// turn.
class OverrideEffects {
 public:
  OverrideEffects(const Snapshot& snapshot, const upstream::ClusterRegistry& clusters);

  // Why it acts on nothing; empty when it acts, or may once DNS has answered.
  std::string_view reason_against(const Override& entry) const;
  // A sentence for each that acts on nothing; of many, how many more there are.
  std::vector<std::string> sentences(std::span<const Override* const> overrides) const;

 private:
  const Snapshot& snapshot_;
  std::unordered_map<std::string_view, const upstream::ClusterVersion*> clusters_;
};

}  // namespace weir::server
