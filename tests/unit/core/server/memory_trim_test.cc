#include "core/server/memory_trim.h"

#include <gtest/gtest.h>

namespace weir::server {
namespace {

constexpr std::size_t kCrowd = 4 * MemoryTrim::kLeast;
constexpr std::uint64_t kRestMs = MemoryTrim::kRest * MemoryTrim::kIntervalMs;

class MemoryTrimTest : public testing::Test {
 protected:
  MemoryTrimTest() { trim_.start(); }

  void pass(std::uint64_t ms) {
    const std::uint64_t end = now_ + ms;
    while (now_ < end) timers_.advance(++now_);
  }
  // Comes, is seen, and goes.
  void crowd() {
    memory_.take(kCrowd);
    pass(MemoryTrim::kIntervalMs);
    memory_.give_back(kCrowd);
  }

  MemoryBudget memory_;
  event::TimerWheel timers_{0};
  std::uint64_t now_ = 0;
  int given_back_ = 0;
  MemoryTrim trim_{memory_, timers_, [this] { ++given_back_; }};
};

TEST_F(MemoryTrimTest, GivesBackOnceWhenACrowdHasGone) {
  crowd();
  pass(MemoryTrim::kIntervalMs);
  EXPECT_EQ(given_back_, 0);  // it may still fall
  pass(MemoryTrim::kIntervalMs);
  EXPECT_EQ(given_back_, 1);
  pass(10 * kRestMs);
  EXPECT_EQ(given_back_, 1);
}

TEST_F(MemoryTrimTest, RestsBetweenTwoTimesHoweverManyCrowdsCome) {
  for (std::uint64_t last = 0; given_back_ < 5; crowd()) {
    const int before = given_back_;
    pass(2 * MemoryTrim::kIntervalMs);
    if (given_back_ == before) continue;
    EXPECT_EQ(given_back_, before + 1);
    if (last != 0) {
      EXPECT_GE(now_ - last, kRestMs);
      EXPECT_LE(now_ - last, kRestMs + 3 * MemoryTrim::kIntervalMs);
    }
    last = now_;
  }
}

TEST_F(MemoryTrimTest, GivesBackAfterTheRestWhatACrowdLeftMeanwhile) {
  crowd();
  pass(2 * MemoryTrim::kIntervalMs);
  EXPECT_EQ(given_back_, 1);
  const std::uint64_t last = now_;
  crowd();
  pass(last + kRestMs - now_ - MemoryTrim::kIntervalMs);
  EXPECT_EQ(given_back_, 1);
  pass(2 * MemoryTrim::kIntervalMs);
  EXPECT_EQ(given_back_, 2);
}

TEST_F(MemoryTrimTest, GivesBackOncePerRestWhatItIsAskedFor) {
  trim_.ask();
  pass(MemoryTrim::kIntervalMs);
  EXPECT_EQ(given_back_, 1);
  trim_.ask();
  pass(kRestMs - MemoryTrim::kIntervalMs);
  EXPECT_EQ(given_back_, 1);
  pass(10 * kRestMs);
  EXPECT_EQ(given_back_, 2);
}

TEST_F(MemoryTrimTest, LeavesAloneWhatIsNotWorthIt) {
  memory_.take(kCrowd);
  pass(MemoryTrim::kIntervalMs);
  memory_.give_back(kCrowd / 4);
  pass(kRestMs);
  EXPECT_EQ(given_back_, 0);
}

}  // namespace
}  // namespace weir::server
