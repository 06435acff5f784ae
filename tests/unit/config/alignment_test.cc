#include "config/alignment.h"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kNew = kNoPlace;

std::vector<std::size_t> places(const Words& before, const Words& after) {
  return aligned(before, after);
}

TEST(Aligned, KeepsWhatIsEqual) {
  EXPECT_EQ(places({"a", "b"}, {"a", "b"}), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(places({"a", "b"}, {"new", "a", "b"}), (std::vector<std::size_t>{kNew, 0, 1}));
  EXPECT_EQ(places({"a", "b", "c"}, {"a", "c"}), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(places({"a", "b", "c", "d"}, {"x", "b", "y", "d", "z"}),
            (std::vector<std::size_t>{0, 1, 2, 3, kNew}));
  EXPECT_EQ(places({"a", "b", "c", "d", "e"}, {"c", "d", "a", "e"}),
            (std::vector<std::size_t>{2, 3, kNew, 4}))
      << "as many as can be";
  EXPECT_EQ(places({}, {"a"}), (std::vector<std::size_t>{kNew}));
  EXPECT_EQ(places({"a"}, {}), std::vector<std::size_t>{});
}

TEST(Aligned, PairsTheOthersOneByOne) {
  EXPECT_EQ(places({"a", "b"}, {"c", "d", "e"}), (std::vector<std::size_t>{0, 1, kNew}));
  EXPECT_EQ(places({"a", "b", "c", "d"}, {"a", "x", "c", "y"}),
            (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(Aligned, PairsVeryLongListsBetweenTheirEnds) {
  Words before(3000, "a");
  Words after(3001, "b");
  before.front() = after.front() = before.back() = after.back() = "end";
  const auto found = aligned(before, after);
  EXPECT_EQ(found[0], 0u);
  EXPECT_EQ(found[1], 1u);
  EXPECT_EQ(found[2999], kNew);
  EXPECT_EQ(found[3000], 2999u);
}

TEST(Moved, TellsTheFewest) {
  const auto told = [](std::vector<std::size_t> places) { return moved(places); };
  EXPECT_EQ(told({0, 1, 2}), (std::vector<bool>{false, false, false}));
  EXPECT_EQ(told({2, 0, 1, 3}), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(told({1, 2, 3, 0}), (std::vector<bool>{false, false, false, true}));
  EXPECT_EQ(told({1, kNew, 0, 2}), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(told({3, 0, 4, 1, 2}), (std::vector<bool>{true, false, true, false, false}));
  EXPECT_EQ(told({}), std::vector<bool>{});
}

}  // namespace
}  // namespace weir::config
