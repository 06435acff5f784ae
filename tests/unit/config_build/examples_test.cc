#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "config/build/check.h"
#include "config/build/config_source.h"

namespace weir::config {
namespace {

std::set<std::string> examples() {
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("examples")) {
    if (entry.path().extension() == ".yaml") paths.insert(entry.path().string());
  }
  return paths;
}

TEST(Examples, AreSoundWithoutAWarning) {
  ASSERT_GE(examples().size(), 4u);
  for (const std::string& path : examples()) {
    const Checked checked = check(path, {.strict = true});
    EXPECT_EQ(checked.verdict, Checked::Verdict::Sound) << path;
    EXPECT_EQ(checked.report, "") << path;
  }
}

TEST(Examples, BecomeSnapshots) {
  for (const std::string& path : examples()) {
    ConfigSource source(path);
    const server::LoadedSnapshot loaded = source.load(7);
    ASSERT_NE(loaded.snapshot, nullptr) << path;
    EXPECT_EQ(loaded.snapshot->number, 7u);
    EXPECT_EQ(loaded.snapshot->files.at(0), path);
  }
}

}  // namespace
}  // namespace weir::config
