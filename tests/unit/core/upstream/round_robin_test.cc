#include "core/upstream/round_robin.h"

#include <map>
#include <memory>

#include <gtest/gtest.h>

namespace weir::upstream {
namespace {

TEST(SmoothRound, GivesEachItsShare) {
  const std::vector<std::uint32_t> weights{5, 1, 1};
  std::map<std::uint32_t, int> turns;
  for (const std::uint32_t place : smooth_round(weights)) ++turns[place];
  EXPECT_EQ(turns, (std::map<std::uint32_t, int>{{0, 5}, {1, 1}, {2, 1}}));
}

TEST(SmoothRound, SpreadsTheTurnsOfTheHeavy) {
  const std::vector<std::uint32_t> weights{4, 1, 1, 1, 1};
  const std::vector<std::uint32_t> round = smooth_round(weights);
  for (std::size_t i = 0; i < round.size(); ++i) {
    EXPECT_FALSE(round[i] == 0 && round[(i + 1) % round.size()] == 0 &&
                 round[(i + 2) % round.size()] == 0);
  }
}

TEST(SmoothRound, IsShortWhenWeightsHaveACommonDivisor) {
  EXPECT_EQ(smooth_round(std::vector<std::uint32_t>{100, 100, 200}).size(), 4u);
  EXPECT_EQ(smooth_round(std::vector<std::uint32_t>(10'000, 7)).size(), 10'000u);
}

TEST(SmoothRound, StaysBoundedAndLeavesNobodyOut) {
  std::vector<std::uint32_t> weights(1000, 65'535);
  weights[3] = 1;
  const std::vector<std::uint32_t> round = smooth_round(weights);
  EXPECT_LE(round.size(), kMaxRound + weights.size());
  EXPECT_NE(std::find(round.begin(), round.end(), 3u), round.end());
}

class RoundRobinTest : public testing::Test {
 protected:
  EndpointState& add(std::uint32_t weight, std::uint32_t priority = 0) {
    const auto port = static_cast<std::uint16_t>(endpoints_.size() + 1);
    endpoints_.push_back(
        std::make_unique<EndpointState>(*net::Address::parse_ip("127.0.0.1", port), slots_));
    while (set.groups.size() <= priority) {
      set.groups.push_back({static_cast<std::uint32_t>(set.groups.size()), {}});
    }
    set.groups[priority].members.push_back({endpoints_.back().get(), weight, {}});
    return *endpoints_.back();
  }

  EndpointSet set;
  std::atomic<std::uint64_t> cursor{0};

 private:
  std::shared_ptr<DenseSlots> slots_ = std::make_shared<DenseSlots>();
  std::vector<std::unique_ptr<EndpointState>> endpoints_;
};

TEST_F(RoundRobinTest, GoesOnWhereAnotherSetStopped) {
  EndpointState& a = add(1);
  EndpointState& b = add(1);
  RoundRobin first(set, cursor);
  EXPECT_EQ(first.pick({}), &a);
  RoundRobin second(set, cursor);
  EXPECT_EQ(second.pick({}), &b);
}

TEST_F(RoundRobinTest, SharesEvenlyWhatHalfOfTheMembersLeave) {
  std::vector<EndpointState*> all;
  for (int i = 0; i < 4; ++i) all.push_back(&add(1));
  all[0]->flags = EndpointState::kDraining;
  all[1]->flags = EndpointState::kDraining;
  RoundRobin balancer(set, cursor);
  std::map<EndpointState*, int> picks;
  for (int i = 0; i < 100; ++i) ++picks[balancer.pick({})];
  EXPECT_EQ(picks, (std::map<EndpointState*, int>{{all[2], 50}, {all[3], 50}}));
}

TEST_F(RoundRobinTest, FindsTheLastOneThatMayBePicked) {
  std::vector<EndpointState*> all;
  for (int i = 0; i < 1000; ++i) all.push_back(&add(1));
  for (EndpointState* endpoint : all) endpoint->flags = EndpointState::kDraining;
  RoundRobin balancer(set, cursor);
  EXPECT_EQ(balancer.pick({}), nullptr);
  all[777]->flags = 0;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(balancer.pick({}), all[777]);
}

TEST_F(RoundRobinTest, TakesTheNextPriorityOnlyWhenTheFirstIsOut) {
  EndpointState& first = add(1);
  EndpointState& second = add(1, 1);
  RoundRobin balancer(set, cursor);
  EXPECT_EQ(balancer.pick({}), &first);
  EXPECT_EQ(balancer.pick({}), &first);
  const EndpointState* const tried[] = {&first};
  PickInput input;
  input.tried = tried;
  EXPECT_EQ(balancer.pick(input), &second);
  first.flags = EndpointState::kDraining;
  EXPECT_EQ(balancer.pick({}), &second);
}

}  // namespace
}  // namespace weir::upstream
