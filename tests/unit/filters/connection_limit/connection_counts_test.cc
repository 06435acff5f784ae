#include "filters/accept/connection_limit/connection_counts.h"

#include <thread>

#include <gtest/gtest.h>

namespace weir::filters {
namespace {

TEST(ConnectionCounts, RefusesOneMoreThanMayBeOpen) {
  ConnectionCounts counts;
  const ConnectionLimitSettings limits{.open = 2};
  EXPECT_TRUE(counts.enter("a", limits, 0));
  EXPECT_TRUE(counts.enter("a", limits, 0));
  EXPECT_FALSE(counts.enter("a", limits, 0));
  EXPECT_TRUE(counts.enter("b", limits, 0));
  counts.leave("a");
  EXPECT_TRUE(counts.enter("a", limits, 0));
}

TEST(ConnectionCounts, LetsInRateTimesTimeAndOneBurst) {
  ConnectionCounts counts;
  const ConnectionLimitSettings limits{.rate = 10, .burst = 5};
  int entered = 0;
  for (std::uint64_t now = 0; now <= 2'000; ++now) {
    if (counts.enter("a", limits, now)) {
      ++entered;
      counts.leave("a");
    }
  }
  EXPECT_EQ(entered, 25);
}

TEST(ConnectionCounts, ForgetsAClientWithNothingOpenWhenThereIsNoRate) {
  ConnectionCounts counts;
  const ConnectionLimitSettings limits{.open = 1};
  for (int i = 0; i < 1000; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_TRUE(counts.enter(key, limits, 0));
    counts.leave(key);
  }
  EXPECT_EQ(counts.clients(), 0u);
}

TEST(ConnectionCounts, StaysBoundedAndEvictsOnlyWhoHasRecovered) {
  ConnectionCounts counts;
  const ConnectionLimitSettings limits{.rate = 1, .burst = 1};
  std::size_t entered = 0;
  for (std::size_t i = 0; i < 2 * ConnectionCounts::kMaxClients; ++i) {
    const std::string key = "client " + std::to_string(i);
    if (counts.enter(key, limits, 0)) {
      ++entered;
      counts.leave(key);
    }
  }
  EXPECT_LE(counts.clients(), ConnectionCounts::kMaxClients);
  EXPECT_EQ(entered, counts.clients());
  EXPECT_FALSE(counts.enter("client 0", limits, 500));
  // A second later all have their token back, and newcomers find room.
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(counts.enter("newcomer " + std::to_string(i), limits, 1'000)) << i;
  }
  EXPECT_LE(counts.clients(), ConnectionCounts::kMaxClients);
}

TEST(ConnectionCounts, HoldsOpenConnectionsAgainstALimitThatWasLowered) {
  ConnectionCounts counts;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(counts.enter("a", {.open = 3}, 0));
  EXPECT_FALSE(counts.enter("a", {.open = 2}, 0));
  counts.leave("a");
  EXPECT_FALSE(counts.enter("a", {.open = 2}, 0));
  counts.leave("a");
  EXPECT_TRUE(counts.enter("a", {.open = 2}, 0));
}

TEST(ConnectionCounts, TakesWhatWasSpentOffABurstThatChanged) {
  ConnectionCounts counts;
  const ConnectionLimitSettings before{.rate = 1, .burst = 3};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(counts.enter("a", before, 0));
  EXPECT_FALSE(counts.enter("a", {.rate = 1, .burst = 2}, 1'000));
  const ConnectionLimitSettings after{.rate = 1, .burst = 4};
  EXPECT_TRUE(counts.enter("a", after, 1'000));
  EXPECT_TRUE(counts.enter("a", after, 1'000));
  EXPECT_FALSE(counts.enter("a", after, 1'000));
}

TEST(ConnectionCounts, GivesEverybodyAWholeBurstWhenARateIsNew) {
  ConnectionCounts counts;
  EXPECT_TRUE(counts.enter("a", {.open = 10}, 0));
  const ConnectionLimitSettings limits{.rate = 1, .burst = 2};
  EXPECT_TRUE(counts.enter("a", limits, 0));
  EXPECT_TRUE(counts.enter("a", limits, 0));
  EXPECT_FALSE(counts.enter("a", limits, 0));
}

TEST(ConnectionCounts, ForgetsWhatWasSpentWhenTheRateIsGone) {
  ConnectionCounts counts;
  EXPECT_TRUE(counts.enter("a", {.rate = 1, .burst = 1}, 0));
  EXPECT_TRUE(counts.enter("a", {.open = 2}, 0));
  counts.leave("a");
  counts.leave("a");
  EXPECT_EQ(counts.clients(), 0u);
}

TEST(ConnectionCounts, CountsExactlyOverSeveralThreads) {
  ConnectionCounts counts;
  const ConnectionLimitSettings limits{.open = 100};
  std::atomic<int> entered{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 1000; ++n) {
          if (counts.enter("a", limits, 0)) ++entered;
        }
      });
    }
  }
  EXPECT_EQ(entered, 100);
}

}  // namespace
}  // namespace weir::filters
