#include "core/server/connection_cap.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace weir::server {
namespace {

TEST(ConnectionCap, WakesWhoWaitsWhenAConnectionCloses) {
  std::vector<unsigned> woken;
  ConnectionCap cap(3, 2, [&woken](unsigned worker) { woken.push_back(worker); });
  cap.add();
  EXPECT_FALSE(cap.wait_if_full(0));
  cap.add();
  EXPECT_TRUE(cap.wait_if_full(0));
  EXPECT_TRUE(cap.wait_if_full(2));
  EXPECT_TRUE(woken.empty());
  cap.remove();
  EXPECT_EQ(woken, (std::vector<unsigned>{0, 2}));
  cap.remove();
  EXPECT_EQ(woken.size(), 2u);
}

TEST(ConnectionCap, GivesNoMorePlacesThanThereAre) {
  constexpr unsigned kThreads = 4;
  constexpr std::uint32_t kLimit = 3;
  ConnectionCap cap(kThreads, kLimit, [](unsigned) {});
  std::atomic<std::uint32_t> most{0};
  std::atomic<std::uint32_t> held{0};
  std::vector<std::thread> threads;
  for (unsigned self = 0; self < kThreads; ++self) {
    threads.emplace_back([&, self] {
      for (int i = 0; i < 2'000; ++i) {
        if (!cap.take(self)) continue;
        const std::uint32_t now = held.fetch_add(1) + 1;
        std::uint32_t before = most.load();
        while (before < now && !most.compare_exchange_weak(before, now)) {
        }
        held.fetch_sub(1);
        cap.remove();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most.load(), kLimit);
  EXPECT_EQ(cap.open(), 0u);
}

TEST(ConnectionCap, WakesNobodyWhileItIsStillFull) {
  unsigned woken = 0;
  ConnectionCap cap(2, 1, [&woken](unsigned) { ++woken; });
  cap.add();
  cap.add();
  EXPECT_TRUE(cap.wait_if_full(0));
  cap.remove();
  EXPECT_EQ(woken, 0u);
  cap.remove();
  EXPECT_EQ(woken, 1u);
}

TEST(ConnectionCap, WakesWhoWaitsWhenTheLimitRises) {
  unsigned woken = 0;
  ConnectionCap cap(1, 1, [&woken](unsigned) { ++woken; });
  cap.add();
  EXPECT_TRUE(cap.wait_if_full(0));
  cap.set_limit(1);
  EXPECT_EQ(woken, 0u);
  cap.set_limit(2);
  EXPECT_EQ(woken, 1u);
}

TEST(ConnectionCap, IsACrowdFromFourFifthsOn) {
  ConnectionCap cap(1, 10, [](unsigned) {});
  for (int i = 0; i < 8; ++i) cap.add();
  EXPECT_EQ(cap.crowd(), 0u);
  cap.add();
  cap.add();
  EXPECT_EQ(cap.crowd(), 2u);
  cap.set_limit(20);
  EXPECT_EQ(cap.crowd(), 0u);
}

// Each thread may only go on when there is room or it is woken: a wake-up that is lost hangs.
TEST(ConnectionCap, LosesNoWakeUpBetweenThreads) {
  constexpr unsigned kThreads = 3;
  std::vector<std::atomic<unsigned>> wakes(kThreads);
  ConnectionCap cap(kThreads, 1, [&wakes](unsigned worker) { wakes[worker].fetch_add(1); });
  std::vector<std::thread> threads;
  for (unsigned self = 0; self < kThreads; ++self) {
    threads.emplace_back([&, self] {
      for (int i = 0; i < 2'000; ++i) {
        const unsigned before = wakes[self].load();
        if (cap.wait_if_full(self)) {
          while (wakes[self].load() == before) std::this_thread::yield();
        }
        cap.add();
        cap.remove();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cap.open(), 0u);
}

}  // namespace
}  // namespace weir::server
