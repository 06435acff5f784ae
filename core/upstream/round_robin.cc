#include "core/upstream/round_robin.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <queue>
#include <utility>

namespace weir::upstream {
namespace {

// Turns that a pick takes from the cursor before it goes through the round in order: so many that
// with half of the members out the others still share evenly.
constexpr int kFairTries = 16;

// How many turns each has in a round.
std::vector<std::uint64_t> turns_of(std::span<const std::uint32_t> weights) {
  std::vector<std::uint64_t> turns;
  std::uint64_t divisor = 0;
  std::uint64_t sum = 0;
  for (const std::uint32_t weight : weights) {
    turns.push_back(std::max(weight, 1u));
    divisor = std::gcd(divisor, turns.back());
    sum += turns.back();
  }
  const std::uint64_t limit = std::max(kMaxRound, weights.size());
  const double scale = static_cast<double>(limit) / static_cast<double>(sum);
  for (std::uint64_t& count : turns) {
    count = sum / divisor <= limit
                ? count / divisor
                : std::max<std::uint64_t>(std::llround(static_cast<double>(count) * scale), 1);
  }
  return turns;
}

}  // namespace

// A round is the time from 0 to 1. Each member's turns are equally far apart, and members with as
// many turns as each other are spread over the distance between two of them.
std::vector<std::uint32_t> smooth_round(std::span<const std::uint32_t> weights) {
  const std::vector<std::uint64_t> turns = turns_of(weights);
  std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> alike;  // how many, met so far
  for (const std::uint64_t count : turns) ++alike[count].first;
  using Due = std::pair<double, std::uint32_t>;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> next;
  for (std::uint32_t i = 0; i < turns.size(); ++i) {
    auto& [all, met] = alike[turns[i]];
    next.emplace((met++ + 0.5) / all / static_cast<double>(turns[i]), i);
  }
  std::vector<std::uint32_t> round;
  round.reserve(std::accumulate(turns.begin(), turns.end(), std::uint64_t{0}));
  std::vector<std::uint64_t> left = turns;
  while (!next.empty()) {
    const auto [due, place] = next.top();
    next.pop();
    round.push_back(place);
    if (--left[place] > 0) next.emplace(due + 1 / static_cast<double>(turns[place]), place);
  }
  return round;
}

RoundRobin::RoundRobin(const EndpointSet& endpoints, std::atomic<std::uint64_t>& cursor)
    : cursor_(cursor) {
  for (const EndpointSet::Group& group : endpoints.groups) {
    std::vector<std::uint32_t> weights;
    for (const auto& member : group.members) weights.push_back(member.weight);
    Round& round = rounds_.emplace_back();
    for (const std::uint32_t place : smooth_round(weights)) {
      round.push_back(group.members[place].state);
    }
  }
}

EndpointState* RoundRobin::pick(const PickInput& input) {
  for (const Round& round : rounds_) {
    if (EndpointState* endpoint = pick_from(round, input)) return endpoint;
  }
  return nullptr;
}

EndpointState* RoundRobin::pick_from(const Round& round, const PickInput& input) {
  std::uint64_t turn = cursor_.load(std::memory_order_relaxed);
  // A second try takes no turn: with two endpoints each request would begin at the same one.
  const int turns = input.tried.empty() ? kFairTries : 0;
  for (int tries = 0; tries < turns; ++tries) {
    turn = cursor_.fetch_add(1, std::memory_order_relaxed);
    EndpointState* const endpoint = round[turn % round.size()];
    if (input.allows(*endpoint)) return endpoint;
  }
  for (std::size_t i = 0; i < round.size(); ++i) {
    EndpointState* const endpoint = round[(turn + i) % round.size()];
    if (input.allows(*endpoint)) return endpoint;
  }
  return nullptr;
}

}  // namespace weir::upstream
