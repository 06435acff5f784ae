#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/config_build/load.h"
#include "tests/unit/config_build/summary.h"

// Each case of tests/golden/check is a configuration, a line `----`, and what is said about it, or
// what its Snapshot consists of. WEIR_UPDATE_GOLDEN=1 in the environment writes the second part
// anew.
namespace weir::config {
namespace {

constexpr std::string_view kSeparator = "----\n";

std::string content(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

std::string verdict(const std::string& input) {
  const test::Loaded loaded(input);
  const std::string problems = to_text(loaded.loading.diagnostics, loaded.loading.sources,
                                       {.source_lines = true, .colour = false});
  return problems + (loaded.ok() ? test::summary(loaded.snapshot()) : "");
}

TEST(CheckGolden, EveryConfigurationIsJudgedAsItsFileSays) {
  std::vector<std::filesystem::path> cases;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden/check")) {
    if (entry.path().extension() == ".golden") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  ASSERT_FALSE(cases.empty());
  const bool update = std::getenv("WEIR_UPDATE_GOLDEN") != nullptr;
  for (const std::filesystem::path& path : cases) {
    SCOPED_TRACE(path.string());
    const std::string all = content(path);
    const std::size_t separator = all.rfind("\n" + std::string(kSeparator));
    ASSERT_TRUE(update || separator != std::string::npos) << "no line ----";
    const std::string input = separator == std::string::npos ? all : all.substr(0, separator + 1);
    const std::string found = verdict(input);
    if (update) {
      std::ofstream(path, std::ios::binary) << input << kSeparator << found;
    } else {
      EXPECT_EQ(found, all.substr(separator + 1 + kSeparator.size()));
    }
  }
}

}  // namespace
}  // namespace weir::config
