#include "core/server/recent_maximum.h"

#include <gtest/gtest.h>

namespace weir::server {
namespace {

constexpr std::uint64_t kWindow = RecentMaximum::kWindowMs;

TEST(RecentMaximum, LastsForAWindowAndIsGoneAfterTwo) {
  RecentMaximum maximum;
  maximum.add(7, 1'000);
  maximum.add(3, 1'000 + kWindow - 1);
  EXPECT_EQ(maximum.value(), 7u);
  maximum.add(2, 1'000 + kWindow);
  EXPECT_EQ(maximum.value(), 7u);
  maximum.add(1, 1'000 + 2 * kWindow);
  EXPECT_EQ(maximum.value(), 2u);
}

TEST(RecentMaximum, ForgetsAllAfterALongSilence) {
  RecentMaximum maximum;
  maximum.add(7, 1'000);
  maximum.add(1, 1'000 + 5 * kWindow);
  EXPECT_EQ(maximum.value(), 1u);
}

}  // namespace
}  // namespace weir::server
