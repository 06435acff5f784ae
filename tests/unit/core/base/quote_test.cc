#include "core/base/quote.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Quote, ShowsAShortTextAsItIs) {
  EXPECT_EQ(quote("api"), "'api'");
  EXPECT_EQ(quote(std::string(kMostQuoted, 'x')), "'" + std::string(kMostQuoted, 'x') + "'");
}

TEST(Quote, ShowsTheBeginningOfALongTextInWholeCharacters) {
  EXPECT_EQ(quote(std::string(1 << 20, 'x')), "'" + std::string(kMostQuoted, 'x') + "…'");
  EXPECT_EQ(clipped("aéb", 2), "a…");
  EXPECT_EQ(clipped("aéb", 3), "aé…");
  EXPECT_EQ(clipped("aéb", 4), "aéb");
}

}  // namespace
}  // namespace weir
