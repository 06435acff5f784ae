#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/build/config_source.h"
#include "tests/unit/core/base/temporary_directory.h"

namespace weir::config {
namespace {

namespace fs = std::filesystem;

// What a load says that it was read from, which is what is watched.
class ConfigFilesRead : public testing::Test {
 protected:
  static constexpr std::string_view kSound =
      "listeners: { web: { address: \"127.0.0.1:0\", filters: [ { tcp_proxy: { cluster: a } } ] } "
      "}\n"
      "clusters: { a: { endpoints: [ \"127.0.0.1:${PORT:-80}\" ] } }\n";

  std::string path(std::string_view name) const { return directory_.path(name); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name)) << text;
  }
  server::LoadedSnapshot load(ConfigInput input) const {
    return ConfigSource(std::move(input)).load(1);
  }
  // The names of its files, a space before each.
  static std::string files(const server::LoadedSnapshot& loaded) {
    std::string names;
    for (const FilesRead::File& file : loaded.files.files()) {
      names += ' ' + fs::path(file.path).filename().string();
    }
    return names;
  }
  static std::string patterns(const server::LoadedSnapshot& loaded) {
    std::string names;
    for (const FilesRead::Pattern& each : loaded.files.patterns()) {
      names += ' ' + fs::path(each.pattern).filename().string();
    }
    return names;
  }

  const TemporaryDirectory directory_;
};

TEST_F(ConfigFilesRead, AreLayersAndVariablesAndWhatValuesWereTakenFrom) {
  write("weir.yaml", "include: [ base.yaml, \"conf.d/*.yaml\" ]\n");
  write("base.yaml", kSound);
  write("env", "PORT=80\n");
  fs::create_directory(path("conf.d"));
  write("conf.d/one.yaml", "drain_timeout: \"${file:../drain}\"\n");
  write("drain", "5s\n");
  const auto loaded = load({.paths = {path("weir.yaml")}, .env = path("env")});
  ASSERT_NE(loaded.snapshot, nullptr) << loaded.problems.front().text;
  EXPECT_EQ(files(loaded), " env weir.yaml base.yaml one.yaml drain");
  EXPECT_EQ(patterns(loaded), " *.yaml");
  EXPECT_EQ(loaded.files.changed(), std::nullopt);
  write("drain", "10s\n");
  EXPECT_EQ(fs::path(*loaded.files.changed()).lexically_normal(), path("drain"));
}

TEST_F(ConfigFilesRead, AreWhatADirectoryMayComeToHave) {
  write("10.yaml", kSound);
  const auto loaded = load({.paths = {path(".")}});
  ASSERT_NE(loaded.snapshot, nullptr);
  EXPECT_EQ(files(loaded), " 10.yaml");
  EXPECT_EQ(patterns(loaded), " *.yaml *.yml");
  write("20.txt", "");
  EXPECT_EQ(loaded.files.changed(), std::nullopt);
  write("20.yml", "{}");
  EXPECT_NE(loaded.files.changed(), std::nullopt);
}

TEST_F(ConfigFilesRead, AreThoseThatAreMissingOrBrokenToo) {
  const auto missing = load({.paths = {path("weir.yaml")}});
  EXPECT_EQ(missing.snapshot, nullptr);
  EXPECT_EQ(files(missing), " weir.yaml");

  write("weir.yaml", "include: gone.yaml\n" + std::string(kSound));
  const auto without = load({.paths = {path("weir.yaml")}});
  EXPECT_EQ(without.snapshot, nullptr);
  EXPECT_EQ(files(without), " weir.yaml gone.yaml");

  write("weir.yaml", "drain_timeout: \"${file:gone}\"\n" + std::string(kSound));
  const auto incomplete = load({.paths = {path("weir.yaml")}});
  EXPECT_EQ(incomplete.snapshot, nullptr);
  EXPECT_EQ(files(incomplete), " weir.yaml gone");
}

}  // namespace
}  // namespace weir::config
