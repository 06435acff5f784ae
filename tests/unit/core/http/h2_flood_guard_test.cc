#include "core/http/h2_flood_guard.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(H2Allowance, GivesTheBurstAndThenTheRate) {
  H2Allowance allowance({.burst = 3, .per_second = 2});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(allowance.take(5000));
  EXPECT_FALSE(allowance.take(5000));
  EXPECT_FALSE(allowance.take(5499));
  EXPECT_TRUE(allowance.take(5500));
  EXPECT_FALSE(allowance.take(5500));
}

TEST(H2Allowance, NeverHasMoreThanTheBurst) {
  H2Allowance allowance({.burst = 2, .per_second = 1000});
  allowance.earn(10);
  EXPECT_TRUE(allowance.take(0));
  EXPECT_TRUE(allowance.take(1'000'000'000'000));
  EXPECT_TRUE(allowance.take(1'000'000'000'000));
  EXPECT_FALSE(allowance.take(1'000'000'000'000));
}

TEST(H2Allowance, IsEarned) {
  H2Allowance allowance({.burst = 2, .per_second = 0});
  EXPECT_TRUE(allowance.take(0));
  EXPECT_TRUE(allowance.take(0));
  allowance.earn(1);
  EXPECT_TRUE(allowance.take(0));
  EXPECT_FALSE(allowance.take(0));
}

H2FrameHead head_of(H2FrameType type, std::uint32_t length = 8, std::uint8_t flags = 0) {
  return {.length = length, .type = type, .flags = flags, .stream = 1};
}

TEST(H2FloodGuard, CountsEachKindByItself) {
  struct Case {
    H2FrameHead head;
    std::uint32_t burst;
    std::string_view why;
  };
  const H2FloodLimits limits;
  for (const Case& flood :
       {Case{head_of(H2FrameType::RstStream), 1000, "rapid_reset"},
        Case{head_of(H2FrameType::Ping), 1000, "ping_flood"},
        Case{head_of(H2FrameType::Settings), 100, "settings_flood"},
        Case{head_of(H2FrameType::Data, 0), 100, "empty_data_flood"},
        Case{head_of(H2FrameType::Priority), 1000, "priority_flood"},
        Case{head_of(H2FrameType::PriorityUpdate), 1000, "priority_flood"},
        Case{head_of(H2FrameType::WindowUpdate), 1000, "window_update_flood"},
        Case{head_of(H2FrameType::GoAway), 1000, "unknown_frame_flood"},
        Case{head_of(static_cast<H2FrameType>(0xee)), 1000, "unknown_frame_flood"}}) {
    H2FloodGuard guard(limits);
    for (std::uint32_t i = 0; i < flood.burst; ++i) {
      ASSERT_EQ(guard.on_frame(flood.head, 7), nullptr) << flood.why;
    }
    const H2Failure* const failure = guard.on_frame(flood.head, 7);
    ASSERT_NE(failure, nullptr) << flood.why;
    EXPECT_EQ(failure->why, flood.why);
    EXPECT_EQ(failure->code, H2Error::EnhanceYourCalm);
    EXPECT_EQ(guard.on_frame(flood.head, 7 + 1000), nullptr) << "a second later";
  }
}

TEST(H2FloodGuard, LetsStreamsEndWithoutData) {
  H2FloodGuard guard({});
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_EQ(guard.on_frame(head_of(H2FrameType::Data, 0, H2FrameHead::kEndStream), 0), nullptr);
    EXPECT_EQ(guard.on_frame(head_of(H2FrameType::Data, 1), 0), nullptr);
  }
}

TEST(H2FloodGuard, CountsContinuationsOfOneBlock) {
  H2FloodGuard guard({});
  for (int block = 0; block < 100; ++block) {
    EXPECT_EQ(guard.on_frame(head_of(H2FrameType::Headers), 0), nullptr);
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(guard.on_frame(head_of(H2FrameType::Continuation, 0), 0), nullptr);
    }
  }
  EXPECT_EQ(guard.on_frame(head_of(H2FrameType::Continuation, 0), 0)->why, "continuation_flood");
}

TEST(H2FloodGuard, LetsAPeerThatReadsSendTenUpdatesForEachData) {
  H2FloodGuard guard({});
  for (int i = 0; i < 10'000; ++i) {
    guard.on_data_sent();
    for (int update = 0; update < 10; ++update) {
      ASSERT_EQ(guard.on_frame(head_of(H2FrameType::WindowUpdate), 0), nullptr);
    }
  }
}

TEST(H2FloodGuard, CountsResetsThatThePeerProvokes) {
  H2FloodGuard guard({});
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(guard.on_provoked_reset(0), nullptr);
  EXPECT_EQ(guard.on_provoked_reset(0)->why, "provoked_resets");
  EXPECT_EQ(guard.on_provoked_reset(1000), nullptr);
}

}  // namespace
}  // namespace weir::http
