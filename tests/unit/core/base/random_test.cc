#include "core/base/random.h"

#include <set>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Random, IsTheSameForTheSameSeedAndDiffersForSimilarOnes) {
  EXPECT_EQ(Random(7).next(), Random(7).next());
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) first.insert(Random(seed).next());
  EXPECT_EQ(first.size(), 1'000u);
}

TEST(Random, SetsEveryBitHalfOfTheTime) {
  Random random(1);
  constexpr int kDraws = 20'000;
  std::array<int, 64> set{};
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t bits = random.next();
    for (std::size_t bit = 0; bit < set.size(); ++bit)
      set[bit] += static_cast<int>(bits >> bit & 1);
  }
  // Five standard deviations of a fair coin.
  for (const int count : set) EXPECT_NEAR(count, kDraws / 2, 354);
}

}  // namespace
}  // namespace weir
