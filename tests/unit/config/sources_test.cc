#include "config/sources.h"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

TEST(Sources, GiveEachLineWithoutItsEnd) {
  Sources sources;
  const std::uint32_t source = sources.add("a", "one\r\ntwo\n\nlast");
  EXPECT_EQ(sources.line(source, 1), "one");
  EXPECT_EQ(sources.line(source, 2), "two");
  EXPECT_EQ(sources.line(source, 3), "");
  EXPECT_EQ(sources.line(source, 4), "last");
}

TEST(Sources, HaveNoLineBeyondTheText) {
  Sources sources;
  const std::uint32_t source = sources.add("a", "one");
  EXPECT_EQ(sources.line(source, 0), "");
  EXPECT_EQ(sources.line(source, 2), "");
  EXPECT_EQ(sources.line(source + 1, 1), "");
}

TEST(Sources, DropAByteOrderMark) {
  Sources sources;
  EXPECT_EQ(sources.text(sources.add("a", "\xEF\xBB\xBFx: 1")), "x: 1");
}

TEST(Sources, ResolvePathsFromTheDirectoryOfTheSource) {
  Sources sources;
  const std::uint32_t here = sources.add("a.yaml", "");
  const std::uint32_t there = sources.add("/etc/weir/a.yaml", "");
  EXPECT_EQ(sources.resolve(here, "b"), "b");
  EXPECT_EQ(sources.resolve(there, "b/c"), "/etc/weir/b/c");
  EXPECT_EQ(sources.resolve(there, "/b"), "/b");
  EXPECT_EQ(sources.resolve(there + 1, "b"), "b");
}

}  // namespace
}  // namespace weir::config
