#include "core/server/state_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace weir::server {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class StateFileTest : public testing::Test {
 protected:
  void SetUp() override {
    char folder[] = "/tmp/weir-state-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    folder_ = folder;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path() const { return folder_ + "/state.json"; }
  std::string content() const {
    const auto text = StateFile::read(path());
    return text && *text ? **text : "nothing";
  }

  std::string folder_;
};

TEST_F(StateFileTest, HoldsTheNewestText) {
  StateFile file;
  for (int i = 0; i < 100; ++i) file.write(path(), "text " + std::to_string(i));
  ASSERT_TRUE(file.end(10s));
  EXPECT_EQ(content(), "text 99");
  EXPECT_EQ(file.trouble().errors, 0u);
}

TEST_F(StateFileTest, IsForItsOwnerAloneAndLeavesNothingBesideIt) {
  StateFile file;
  file.write(path(), "text");
  ASSERT_TRUE(file.end(10s));
  struct stat about;
  ASSERT_EQ(stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(StateFileTest, MakesItsLockAgainThatSomebodyDeleted) {
  StateFile file;
  file.hold(StateLock::take(path(), StateLock()).value());
  fs::remove(path() + ".lock");
  file.write(path(), "text");
  std::promise<void> written;
  file.when_written([&](const Result<void>& result) {
    EXPECT_TRUE(result);
    written.set_value();
  });
  written.get_future().wait();
  EXPECT_FALSE(StateLock::take(path(), StateLock()));
  ASSERT_TRUE(file.end(10s));
}

TEST_F(StateFileTest, WritesNothingWhereAnotherHasTakenItsPlace) {
  StateFile file;
  file.hold(StateLock::take(path(), StateLock()).value());
  fs::remove(path() + ".lock");
  const auto other = StateLock::take(path(), StateLock());
  file.write(path(), "text");
  ASSERT_TRUE(file.end(10s));
  EXPECT_EQ(content(), "nothing");
  EXPECT_NE(file.trouble().last.find("is in use by process"), std::string::npos);
}

TEST_F(StateFileTest, StaysWhereALinkLeads) {
  fs::create_directory(folder_ + "/elsewhere");
  std::ofstream(folder_ + "/elsewhere/state.json") << "old";
  fs::create_symlink("elsewhere/state.json", path());
  StateFile file;
  file.write(path(), "new");
  ASSERT_TRUE(file.end(10s));
  EXPECT_TRUE(fs::is_symlink(path()));
  EXPECT_EQ(content(), "new");
}

TEST_F(StateFileTest, CountsWhatCannotBeWrittenAndEndsAllTheSame) {
  StateFile file;
  file.write(folder_ + "/missing/state.json", "text");
  ASSERT_TRUE(file.end(10s));
  EXPECT_GE(file.trouble().errors, 1u);
  EXPECT_NE(file.trouble().last, "");
}

TEST_F(StateFileTest, IsWrittenElsewhereAtOnceAfterAFailure) {
  StateFile file;
  file.write(folder_ + "/missing/state.json", "text");
  while (file.trouble().errors == 0) std::this_thread::yield();
  file.write(path(), "text");
  while (content() != "text") std::this_thread::yield();
  ASSERT_TRUE(file.end(10s));
  EXPECT_EQ(file.trouble().last, "");
}

TEST_F(StateFileTest, IsNotTriedAgainWhenItIsForgotten) {
  StateFile file;
  file.write(folder_ + "/missing/state.json", "text");
  while (file.trouble().errors == 0) std::this_thread::yield();
  file.forget();
  fs::create_directory(folder_ + "/missing");
  ASSERT_TRUE(file.end(10s));
  EXPECT_TRUE(fs::is_empty(folder_ + "/missing"));
}

TEST_F(StateFileTest, TellsWhenWhatWasGivenIsOnTheDisk) {
  StateFile file;
  int told = 0;
  file.when_written([&told](const Result<void>& written) { told += written ? 1 : 0; });
  EXPECT_EQ(told, 1) << "nothing waits";
  for (int i = 0; i < 100; ++i) {
    const std::string text = "text " + std::to_string(i);
    file.write(path(), text);
    std::promise<std::string> found;
    file.when_written([&](const Result<void>& written) {
      found.set_value(written ? content() : written.error().message);
    });
    EXPECT_EQ(found.get_future().get(), text);
  }
}

TEST_F(StateFileTest, TellsWhyWhatWasGivenIsNotOnTheDisk) {
  StateFile file;
  file.write(folder_ + "/missing/state.json", "text");
  std::promise<std::string> why;
  file.when_written(
      [&why](const Result<void>& written) { why.set_value(written.error().message); });
  EXPECT_EQ(why.get_future().get(),
            "open " + folder_ + "/missing/state.json.new: No such file or directory");
  ASSERT_TRUE(file.end(10s));
}

// The next try is 10 s away.
TEST_F(StateFileTest, TellsAtOnceThatTheFirstTryHasFailed) {
  StateFile file;
  file.write(folder_ + "/missing/state.json", "text");
  while (file.trouble().errors == 0) std::this_thread::yield();
  int told = 0;
  file.when_written([&told](const Result<void>& written) { told += written ? 0 : 1; });
  EXPECT_EQ(told, 1);
  file.forget();
  file.when_written([&told](const Result<void>& written) { told += written ? 1 : 0; });
  EXPECT_EQ(told, 2);
}

TEST_F(StateFileTest, ReadsWholePlainFilesUpToItsLimit) {
  const auto missing = StateFile::read(path());
  ASSERT_TRUE(missing);
  EXPECT_FALSE(*missing);
  std::ofstream(path()) << "text";
  EXPECT_EQ(content(), "text");
  fs::resize_file(path(), StateFile::kMaxBytes);
  EXPECT_TRUE(StateFile::read(path()));
  fs::resize_file(path(), StateFile::kMaxBytes + 1);
  EXPECT_FALSE(StateFile::read(path()));
  EXPECT_FALSE(StateFile::read(folder_));
  ASSERT_EQ(mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
  EXPECT_FALSE(StateFile::read(folder_ + "/pipe"));
}

}  // namespace
}  // namespace weir::server
