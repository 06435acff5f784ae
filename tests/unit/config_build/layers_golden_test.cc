#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/yaml_text.h"
#include "tests/unit/config_build/load.h"

// Each case of tests/golden/layers is a line with what `-c` names, lines of `--set`, files that
// begin with `==== NAME`, a line `----`, and what is said about them, or what they come to
// together. WEIR_UPDATE_GOLDEN=1 in the environment writes that part anew.
namespace weir::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSeparator = "\n----\n";
constexpr std::string_view kFile = "==== ";
constexpr std::string_view kCommand = "-c ";
constexpr std::string_view kSet = "--set ";

std::string content(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "weir-layers-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string without(std::string text) const {
    const std::string prefix = path_.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

 private:
  fs::path path_;
};

std::string verdict(const std::string& input) {
  Folder folder;
  ConfigInput config;
  std::istringstream lines(input);
  std::string line;
  std::getline(lines, line);
  std::istringstream names(line.substr(kCommand.size()));
  for (std::string name; names >> name;) config.paths.push_back(folder.path(name));
  std::string name;
  std::string text;
  while (std::getline(lines, line)) {
    if (name.empty() && line.starts_with(kSet)) {
      config.sets.push_back(line.substr(kSet.size()));
      continue;
    }
    if (!line.starts_with(kFile)) {
      text += line + "\n";
      continue;
    }
    if (!name.empty()) folder.write(name, text);
    name = line.substr(kFile.size());
    text.clear();
  }
  folder.write(name, text);
  StateRegistry states;
  Loading loading(states);
  Environment environment = test::environment();
  loading.load_files(config, environment, filters::builtin_filters());
  const std::string problems = to_text(loading.diagnostics, loading.sources);
  return folder.without(problems) + (loading.diagnostics.ok() ? to_yaml(loading.merged) : "");
}

TEST(LayersGolden, LayersComeToWhatEachFileSays) {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator("tests/golden/layers")) {
    if (entry.path().extension() == ".golden") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  ASSERT_FALSE(cases.empty());
  const bool update = std::getenv("WEIR_UPDATE_GOLDEN") != nullptr;
  for (const fs::path& path : cases) {
    SCOPED_TRACE(path.string());
    const std::string all = content(path);
    const std::size_t separator = all.find(kSeparator);
    ASSERT_TRUE(update || separator != std::string::npos) << "no line ----";
    const std::string input = separator == std::string::npos ? all : all.substr(0, separator + 1);
    ASSERT_TRUE(input.starts_with(kCommand)) << "no line -c";
    const std::string found = verdict(input);
    if (update) {
      std::ofstream(path, std::ios::binary) << input << kSeparator.substr(1) << found;
    } else {
      EXPECT_EQ(found, all.substr(separator + kSeparator.size()));
    }
  }
}

}  // namespace
}  // namespace weir::config
