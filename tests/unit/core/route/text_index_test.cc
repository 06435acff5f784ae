#include "core/route/text_index.h"

#include <gtest/gtest.h>

namespace weir::route {
namespace {

TEST(TextIndex, FindsNothingWhenItIsEmpty) {
  EXPECT_EQ(TextIndex().find("a"), TextIndex::kNone);
  EXPECT_TRUE(TextIndex().empty());
}

TEST(TextIndex, KeepsTheFirstNumberOfAText) {
  TextIndex index;
  EXPECT_EQ(index.add("a", 1), 1u);
  EXPECT_EQ(index.add("a", 2), 1u);
  EXPECT_EQ(index.find("a"), 1u);
}

TEST(TextIndex, TellsScopesAndLengthsApart) {
  TextIndex index;
  index.add(1, "a", 10);
  index.add(2, "a", 20);
  index.add(1, "", 30);
  index.add(1, std::string_view("a\0", 2), 40);
  EXPECT_EQ(index.find(1, "a"), 10u);
  EXPECT_EQ(index.find(2, "a"), 20u);
  EXPECT_EQ(index.find(1, ""), 30u);
  EXPECT_EQ(index.find(1, std::string_view("a\0", 2)), 40u);
  EXPECT_EQ(index.find(3, "a"), TextIndex::kNone);
  EXPECT_EQ(index.find(2, ""), TextIndex::kNone);
}

TEST(TextIndex, FindsEachOfManyAndNoOther) {
  TextIndex index;
  for (std::uint32_t i = 0; i < 20'000; i += 2) {
    ASSERT_EQ(index.add(i % 7, "text-number-" + std::to_string(i), i), i);
  }
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    ASSERT_EQ(index.find(i % 7, "text-number-" + std::to_string(i)),
              i % 2 == 0 ? i : TextIndex::kNone);
  }
}

}  // namespace
}  // namespace weir::route
