#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "core/upstream/balancer.h"

namespace weir::upstream {

// The order in which members with these weights take turns: each as often as its weight says, and
// spread as evenly as can be. Places of members, in one round; weights with a large sum are
// rounded so that a round has about kMaxRound places. A weight of 0 counts as 1.
inline constexpr std::size_t kMaxRound = 64 * 1024;
std::vector<std::uint32_t> smooth_round(std::span<const std::uint32_t> weights);

// All workers take their turns from one cursor over rounds that were computed before.
class RoundRobin final : public Balancer {
 public:
  RoundRobin(const EndpointSet& endpoints, std::atomic<std::uint64_t>& cursor);

  EndpointState* pick(const PickInput& input) override;

 private:
  using Round = std::vector<EndpointState*>;

  EndpointState* pick_from(const Round& round, const PickInput& input);

  std::vector<Round> rounds_;  // by priority, the preferred first
  std::atomic<std::uint64_t>& cursor_;
};

}  // namespace weir::upstream
