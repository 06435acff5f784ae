#include "core/event/watch_points.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir::event {
namespace {

namespace fs = std::filesystem;

class WatchPointsTest : public testing::Test {
 protected:
  WatchPoints points(std::size_t most = 1'000) const { return watch_points(files_, most); }
  // What is watched in a directory of the test, " a b" or "*"; "-" when that is not.
  std::string in(std::string_view name) const {
    const WatchPoints all = points();
    const auto found = all.find(fs::canonical(path(name)).string());
    if (found == all.end()) return "-";
    std::string names = found->second.all ? "*" : "";
    for (const std::string& one : found->second.names) names += ' ' + one;
    return names;
  }
  std::string path(std::string_view name) const { return directory_.path(name); }
  void write(std::string_view name) const { std::ofstream(path(name)) << "x"; }

  const TemporaryDirectory directory_;
  FilesRead files_;
};

TEST_F(WatchPointsTest, AreTheStepsToAFile) {
  fs::create_directories(path("a/b"));
  write("a/b/file");
  files_.add(path("a/b/file"));
  EXPECT_EQ(in("."), " a");
  EXPECT_EQ(in("a"), " b");
  EXPECT_EQ(in("a/b"), " file");
  EXPECT_EQ(points().begin()->first, "/");
}

TEST_F(WatchPointsTest, EndWhereNothingIsYet) {
  fs::create_directory(path("a"));
  files_.add(path("a/b/file"));
  EXPECT_EQ(in("a"), " b");
}

TEST_F(WatchPointsTest, AreEachLinkOnTheWayAndWhatItLeadsTo) {
  fs::create_directories(path("mount/..first"));
  write("mount/..first/weir.yaml");
  fs::create_symlink("..first", path("mount/..data"));
  fs::create_symlink("..data/weir.yaml", path("mount/weir.yaml"));
  files_.add(path("mount/weir.yaml"));
  EXPECT_EQ(in("mount"), " ..data ..first weir.yaml");
  EXPECT_EQ(in("mount/..first"), " weir.yaml");
}

TEST_F(WatchPointsTest, EndInLinksThatLeadInACircle) {
  fs::create_symlink("b", path("a"));
  fs::create_symlink("a", path("b"));
  files_.add(path("a"));
  EXPECT_EQ(in("."), " a b");
}

TEST_F(WatchPointsTest, AreAllNamesOfTheDirectoriesOfAPattern) {
  fs::create_directories(path("conf/one"));
  fs::create_directories(path("conf/two"));
  (void)files_.find(path("conf/*/x.yaml"));
  EXPECT_EQ(in("."), " conf");
  EXPECT_EQ(in("conf"), "* one two");
  EXPECT_EQ(in("conf/one"), "*");
}

TEST_F(WatchPointsTest, AreTheStepsToThePlaceOfAPatternThatIsNotThereYet) {
  (void)files_.find(path("conf/*.yaml"));
  EXPECT_EQ(in("."), " conf");
}

TEST_F(WatchPointsTest, AreInDirectoriesWhoseNamesLookLikePatterns) {
  fs::create_directory(path("a[b]*"));
  write("a[b]*/x.yaml");
  EXPECT_EQ(files_.find(FilesRead::pattern_in(path("a[b]*"), "*.yaml")).value().size(), 1u);
  EXPECT_EQ(in("a[b]*"), "*");
}

TEST_F(WatchPointsTest, AreNoMoreThanAsked) {
  fs::create_directories(path("a/b"));
  files_.add(path("a/b/file"));
  EXPECT_EQ(points(2).size(), 2u);
}

}  // namespace
}  // namespace weir::event
