#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/build/request_tests.h"
#include "config/build/test_mistakes.h"
#include "config/yaml_text.h"
#include "tests/unit/config_build/load.h"

// Each case of tests/golden/layers is a line with what `-c` names, lines of options, files that
// begin with `==== NAME`, a line `----`, and what is said about them, or what they come to
// together. WEIR_UPDATE_GOLDEN=1 in the environment writes that part anew.
//
// The options are `--set PATH=VALUE`, `--env NAME`, `--offline`, and `--check`, which looks at the
// machine too and says only what is wrong; `--test` asks what its tests ask. What needs many is
// written once: `==== NAME * 3` is three files, and a line `* 3 TEXT` three lines, in which `{n}`
// is the number of each.
namespace weir::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSeparator = "\n----\n";
constexpr std::string_view kFileMark = "==== ";
constexpr std::string_view kCommand = "-c ";
constexpr std::string_view kMany = " * ";
constexpr std::string_view kNumber = "{n}";

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

std::string numbered(std::string text, std::size_t number) {
  for (auto at = text.find(kNumber); at != std::string::npos; at = text.find(kNumber)) {
    text.replace(at, kNumber.size(), std::to_string(number));
  }
  return text;
}

// The lines that `line` of a file stands for.
std::string lines_of(const std::string& line) {
  if (!line.starts_with(kMany.substr(1))) return line + "\n";
  std::size_t digits = 0;
  const std::string many = line.substr(kMany.size() - 1);
  const std::size_t count = std::stoul(many, &digits);
  std::string lines;
  for (std::size_t i = 1; i <= count; ++i) lines += numbered(many.substr(digits + 1), i) + "\n";
  return lines;
}

void write_files(const Folder& folder, std::istream& lines, std::string line) {
  while (!line.empty()) {
    const std::size_t many = line.find(kMany);
    const std::string name = line.substr(kFileMark.size(), many - kFileMark.size());
    const std::size_t count =
        many == std::string::npos ? 1 : std::stoul(line.substr(many + kMany.size()));
    std::string text;
    for (line.clear(); std::getline(lines, line) && !line.starts_with(kFileMark); line.clear()) {
      text += lines_of(line);
    }
    for (std::size_t i = 1; i <= count; ++i) folder.write(numbered(name, i), text);
  }
}

std::string verdict(const std::string& input) {
  Folder folder;
  ConfigInput config;
  StateRegistry states;
  Loading loading(states);
  Environment environment = test::environment();
  environment.file = process_environment().file;
  std::istringstream lines(input);
  std::string line;
  std::string env;
  bool test = false;
  while (std::getline(lines, line) && !line.starts_with(kFileMark)) {
    std::istringstream words(line);
    std::string option;
    words >> option;
    if (option == "-c") {
      for (std::string name; words >> name;) config.paths.push_back(folder.path(name));
    } else if (option == "--set") {
      config.sets.push_back(line.substr(option.size() + 1));
    } else if (option == "--env") {
      words >> env;
    } else if (option == "--offline") {
      loading.offline = true;
    } else if (option == "--test") {
      test = true;
    } else if (option == "--check") {
      loading.surroundings = true;
    } else {
      return "no such option: " + option + "\n";
    }
  }
  write_files(folder, lines, line);
  if (loading.surroundings) {
    loading.after_build = [&](const server::Snapshot& built, const Gaps& gaps) {
      report_test_mistakes(built, gaps, Severity::Warning, loading);
    };
  }
  if (test) return folder.without(run_request_tests(config, {}).text);
  if (!env.empty()) {
    auto with_file = loading.environment_of_file(folder.path(env), environment);
    if (!with_file) return folder.without(to_text(loading.diagnostics, loading.sources));
    environment = *std::move(with_file);
  }
  loading.load_files(config, environment, filters::builtin_filters());
  const std::string problems = to_text(loading.diagnostics, loading.sources);
  const bool shown = loading.diagnostics.ok() && !loading.surroundings;
  return folder.without(problems) + (shown ? to_yaml(loading.merged) : "");
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
