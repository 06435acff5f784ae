#include "tests/unit/core/route/random_routes.h"

#include <random>

#include <gtest/gtest.h>

#include "core/route/route_table.h"
#include "tests/unit/core/route/naive_match.h"

namespace weir::route {
namespace {

TEST(RandomRoutes, AreFoundAsByTryingOneAfterTheOther) {
  std::uint64_t found = 0;
  std::uint64_t asked = 0;
  std::uint64_t hidden = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    RandomRoutes words([&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); });
    const auto table =
        RouteTable::compile("t", words.routes(seed % 10 == 0 ? 200 : 12), words.flag_names());
    ASSERT_TRUE(table) << table.error().message;
    const auto shadows = (*table)->shadowed();
    hidden += shadows.size();
    for (int i = 0; i < 20; ++i) {
      TestExchange exchange;
      words.fill(exchange);
      const Route* expected = nullptr;
      for (const Route& route : (*table)->routes()) {
        const bool matches = naive::matches(route.match, exchange.view, words.flag_names());
        ASSERT_EQ((*table)->matches(route, exchange.view), matches) << "seed " << seed;
        if (matches && expected == nullptr) expected = &route;
      }
      ASSERT_EQ((*table)->find(exchange.view).route, expected) << "seed " << seed;
      for (const RouteTable::Shadow& shadow : shadows) {
        ASSERT_NE(shadow.hidden, expected) << "seed " << seed;
        ASSERT_TRUE(!(*table)->matches(*shadow.hidden, exchange.view) ||
                    (*table)->matches(*shadow.by, exchange.view))
            << "seed " << seed;
      }
      ++asked;
      if (expected != nullptr) ++found;
    }
  }
  // The words are such that both answers are common.
  EXPECT_GT(found, asked / 5);
  EXPECT_GT(asked - found, asked / 5);
  EXPECT_GT(hidden, 100u);
}

}  // namespace
}  // namespace weir::route
