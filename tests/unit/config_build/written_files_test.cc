#include "config/build/written_files.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/build/check.h"

namespace weir::config {
namespace {

class WrittenFilesTest : public testing::Test {
 protected:
  WrittenFilesTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("weir_written_files_" + std::to_string(getpid()) +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(folder_);
  }
  ~WrittenFilesTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // What `weir check` says of `from` in the folder with `lines` in weir.yaml there.
  std::string said(const std::string& from, const std::string& lines) {
    std::ofstream(path("weir.yaml"))
        << lines << "\nlisteners: { a: { address: 127.0.0.1:1, filters: [ { tcp_proxy: { cluster: "
        << "a } } ] } }\nclusters: { a: { endpoints: [ 127.0.0.1:2 ] } }\n";
    std::string report = check({.paths = {path(from)}}, {}).report;
    const std::string prefix = path("");
    for (auto at = report.find(prefix); at != std::string::npos; at = report.find(prefix)) {
      report.erase(at, prefix.size());
    }
    return report;
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(WrittenFilesTest, AreNoneThatTheConfigurationIsReadFrom) {
  EXPECT_EQ(said("weir.yaml", "log: { path: weir.yaml }"),
            "weir.yaml:1:14: error: log.path: this configuration is read from that file, which it "
            "would be written into: name another\n");
  std::filesystem::create_symlink("weir.yaml", path("link.log"));
  EXPECT_EQ(said("weir.yaml", "access_log: { path: link.log }").substr(0, 44),
            "weir.yaml:1:21: error: access_log.path: this");
  std::ofstream(path("token")) << "abc";
  EXPECT_NE(said("weir.yaml", "state_file: token\nadmin: { socket: \"${file:token}.sock\" }")
                .find("weir.yaml:1:13: error: state_file: this configuration is read from"),
            std::string::npos);
}

TEST_F(WrittenFilesTest, AreNoneThatAFolderOrAPatternWouldFind) {
  EXPECT_EQ(said(".", "access_log: { path: access.yaml }"),
            "./weir.yaml:1:21: error: access_log.path: would be read as a part of this "
            "configuration, by ./*.yaml: name it otherwise\n");
  EXPECT_EQ(said("weir.yaml", "log: { path: access.yaml }"), "") << "nothing looks for that";
  EXPECT_EQ(said(".", "log: { path: weir.log }"), "");
}

}  // namespace
}  // namespace weir::config
