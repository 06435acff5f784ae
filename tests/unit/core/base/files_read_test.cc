#include "core/base/files_read.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

class FilesReadTest : public testing::Test {
 protected:
  std::string path(std::string_view name) const { return directory_.path(name); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name)) << text;
  }

  const TemporaryDirectory directory_;
  FilesRead files_;
};

TEST_F(FilesReadTest, AreAsTheyWereUntilOneIsWritten) {
  write("a", "1");
  write("b", "1");
  files_.add(path("a"));
  files_.add(path("b"));
  EXPECT_EQ(files_.changed(), std::nullopt);
  write("b", "12");
  EXPECT_EQ(files_.changed(), path("b"));
}

TEST_F(FilesReadTest, CountAsTheyWereAtFirst) {
  files_.add(path("a"));
  write("a", "1");
  files_.add(path("a"));
  EXPECT_EQ(files_.changed(), path("a"));
}

TEST_F(FilesReadTest, ChangeWhenTheyComeIntoBeingOrGo) {
  write("a", "1");
  files_.add(path("a"));
  files_.add(path("b"));
  fs::rename(path("a"), path("c"));
  EXPECT_EQ(files_.changed(), path("a"));
  fs::rename(path("c"), path("a"));
  EXPECT_EQ(files_.changed(), std::nullopt);
  write("b", "");
  EXPECT_EQ(files_.changed(), path("b"));
}

TEST_F(FilesReadTest, ChangeWhenALinkLeadsElsewhere) {
  write("a", "1");
  write("b", "1");
  fs::create_symlink("a", path("link"));
  files_.add(path("link"));
  fs::create_symlink("b", path("next"));
  fs::rename(path("next"), path("link"));
  EXPECT_EQ(files_.changed(), path("link"));
}

TEST_F(FilesReadTest, ChangeWhenAPatternFindsOthers) {
  write("a.yaml", "1");
  const std::string pattern = path("*.yaml");
  EXPECT_EQ(files_.find(pattern).value(), std::vector<std::string>{path("a.yaml")});
  write("a.txt", "1");
  write(".b.yaml", "1");
  EXPECT_EQ(files_.changed(), std::nullopt);
  write("b.yaml", "1");
  EXPECT_EQ(files_.changed(), pattern);
}

TEST_F(FilesReadTest, DoNotChangeWhenAPipeOrADirectoryIsUsed) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  fs::create_directory(path("directory"));
  files_.add(path("pipe"));
  files_.add(path("directory"));
  std::fstream(path("pipe")) << "x" << std::flush;
  write("directory/file", "x");
  EXPECT_EQ(files_.changed(), std::nullopt);
}

}  // namespace
}  // namespace weir
