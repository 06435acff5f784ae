#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/build/check.h"
#include "config/build/config_source.h"
#include "tests/unit/config_build/load.h"

namespace weir::config {
namespace {

std::set<std::string> examples() {
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("examples")) {
    if (entry.path().extension() == ".yaml") paths.insert(entry.path().string());
  }
  return paths;
}

// The blocks of `yaml` in a page.
std::vector<std::string> yaml_blocks(const std::string& page) {
  std::vector<std::string> blocks;
  bool inside = false;
  std::ifstream in(page);
  for (std::string line; std::getline(in, line);) {
    if (inside && line != "```") {
      blocks.back() += line + '\n';
    } else {
      inside = !inside && line == "```yaml";
      if (inside) blocks.emplace_back();
    }
  }
  return blocks;
}

// Folders of logs and sockets that they name may be missing here.
TEST(Examples, AreSoundWithoutAWarning) {
  ASSERT_GE(examples().size(), 4u);
  for (const std::string& path : examples()) {
    const Checked checked = check({.paths = {path}}, {.strict = true, .offline = true});
    EXPECT_EQ(checked.verdict, Verdict::Sound) << path << checked.report;
  }
}

TEST(Examples, BecomeSnapshots) {
  for (const std::string& path : examples()) {
    ConfigSource source({.paths = {path}});
    const server::LoadedSnapshot loaded = source.load(7);
    ASSERT_NE(loaded.snapshot, nullptr) << path;
    EXPECT_EQ(loaded.snapshot->number, 7u);
    EXPECT_EQ(loaded.snapshot->files.at(0), path);
  }
}

TEST(Examples, OfTheReadmeAreSoundWithoutAWarning) {
  const std::vector<std::string> blocks = yaml_blocks("README.md");
  ASSERT_FALSE(blocks.empty());
  for (const std::string& block : blocks) {
    const test::Loaded loaded(block);
    EXPECT_TRUE(loaded.ok()) << block;
    EXPECT_EQ(loaded.problems(), "") << block;
  }
}

}  // namespace
}  // namespace weir::config
