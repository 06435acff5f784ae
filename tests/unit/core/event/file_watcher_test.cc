#include "core/event/file_watcher.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir::event {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class FileWatcherTest : public testing::Test {
 protected:
  std::string path(std::string_view name) const { return directory_.path(name); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name)) << text;
  }
  // What was read anew, as it is now.
  void watch(FileWatcher& watcher, std::initializer_list<std::string_view> names,
             std::string_view pattern = {}) {
    FilesRead files;
    for (const std::string_view name : names) files.add(path(name));
    if (!pattern.empty()) (void)files.find(path(pattern));
    watcher.watch(std::move(files));
  }
  void run_for(std::chrono::milliseconds time) {
    Timer end(loop_.timers(), this,
              [](void* self) { static_cast<FileWatcherTest*>(self)->time_is_up_ = true; });
    time_is_up_ = false;
    end.arm(static_cast<std::uint64_t>(time.count()));
    while (!time_is_up_) loop_.run_once(true);
  }
  // Until the watcher has told `times` times, or for long.
  bool until_told(std::size_t times) {
    Timer end(loop_.timers(), this,
              [](void* self) { static_cast<FileWatcherTest*>(self)->time_is_up_ = true; });
    time_is_up_ = false;
    end.arm(20'000);
    while (!time_is_up_ && told_.size() < times) loop_.run_once(true);
    return told_.size() == times;
  }

  const TemporaryDirectory directory_;
  Loop loop_;
  std::vector<std::string> told_;
  bool time_is_up_ = false;
  // Without its interval, so that what it tells of it was told of.
  FileWatcher::Settings settings_{.quiet = 20ms, .most = 200ms, .look_interval = 1h};
  const FileWatcher::Changed tell_ = [this](const std::string& what) { told_.push_back(what); };
};

TEST_F(FileWatcherTest, TellsOnceThatAFileWasWritten) {
  write("a", "1");
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {"a"});
  run_for(100ms);
  EXPECT_EQ(told_.size(), 0u);
  write("a", "12");
  ASSERT_TRUE(until_told(1));
  EXPECT_EQ(told_[0], path("a"));
  write("a", "123");
  run_for(100ms);
  EXPECT_EQ(told_.size(), 1u) << "before it is watched again";
  watch(watcher, {"a"});
  run_for(100ms);
  EXPECT_EQ(told_.size(), 1u);
}

TEST_F(FileWatcherTest, TellsOfWhatHappenedBetweenReadingAndWatching) {
  write("a", "1");
  FileWatcher watcher(loop_, settings_, tell_);
  FilesRead files;
  files.add(path("a"));
  write("a", "12");
  watcher.watch(std::move(files));
  EXPECT_TRUE(until_told(1));
}

TEST_F(FileWatcherTest, TellsOfARename) {
  write("a", "1");
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {"a"});
  run_for(100ms);
  write("b", "2");
  fs::rename(path("b"), path("a"));
  EXPECT_TRUE(until_told(1));
}

TEST_F(FileWatcherTest, TellsOfALinkSomewhereOnTheWayThatWasSwapped) {
  for (const char* version : {"..1", "..2"}) {
    fs::create_directory(path(version));
    write(std::string(version) + "/a", "1");
  }
  fs::create_symlink("..1", path("..data"));
  fs::create_symlink("..data/a", path("a"));
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {"a"});
  run_for(100ms);
  fs::create_symlink("..2", path("..next"));
  fs::rename(path("..next"), path("..data"));
  ASSERT_TRUE(until_told(1));
  watch(watcher, {"a"});
  run_for(100ms);
  write("..2/a", "12");
  EXPECT_TRUE(until_told(2));
}

TEST_F(FileWatcherTest, TellsOfADirectoryThatWasReplacedAndOfWhatHappensInTheNewOne) {
  fs::create_directory(path("one"));
  fs::create_directory(path("two"));
  write("one/a", "1");
  write("two/a", "1");
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {"one/a"});
  run_for(100ms);
  fs::rename(path("one"), path("old"));
  fs::rename(path("two"), path("one"));
  ASSERT_TRUE(until_told(1));
  watch(watcher, {"one/a"});
  run_for(100ms);
  write("old/a", "12");
  run_for(100ms);
  EXPECT_EQ(told_.size(), 1u);
  write("one/a", "12");
  EXPECT_TRUE(until_told(2));
}

TEST_F(FileWatcherTest, TellsOfAFileInADirectoryThatWasMissing) {
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {"directory/a"});
  run_for(100ms);
  fs::create_directory(path("directory"));
  run_for(100ms);
  EXPECT_EQ(told_.size(), 0u);
  write("directory/a", "1");
  EXPECT_TRUE(until_told(1));
}

TEST_F(FileWatcherTest, TellsOfANewFileThatFitsAPattern) {
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {}, "*.yaml");
  run_for(100ms);
  write("a.txt", "1");
  run_for(100ms);
  EXPECT_EQ(told_.size(), 0u);
  write("a.yaml", "1");
  EXPECT_TRUE(until_told(1));
}

TEST_F(FileWatcherTest, WaitsUntilNothingMoreHappensButNotForEver) {
  write("a", "1");
  settings_.quiet = 5s;
  settings_.most = 10s;
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {"a"});
  write("a", "12");
  run_for(100ms);
  EXPECT_EQ(told_.size(), 0u);

  settings_.most = 50ms;
  FileWatcher hasty(loop_, settings_, tell_);
  watch(hasty, {"a"});
  write("a", "123");
  EXPECT_TRUE(until_told(1));
}

TEST_F(FileWatcherTest, FindsByLookingWhatNobodyTellsOf) {
  write("a", "1");
  settings_.max_directories = 0;
  settings_.look_interval = 20ms;
  FileWatcher watcher(loop_, settings_, tell_);
  watch(watcher, {"a"});
  run_for(100ms);
  EXPECT_EQ(told_.size(), 0u);
  write("a", "12");
  EXPECT_TRUE(until_told(1));
}

TEST_F(FileWatcherTest, TellsNothingOnceItIsStoppedOrGone) {
  write("a", "1");
  {
    FileWatcher watcher(loop_, settings_, tell_);
    watch(watcher, {"a"});
    run_for(100ms);
    watcher.stop();
    write("a", "12");
    run_for(100ms);
    watch(watcher, {"a"});
    write("a", "123");
  }
  run_for(100ms);
  EXPECT_EQ(told_.size(), 0u);
}

}  // namespace
}  // namespace weir::event
