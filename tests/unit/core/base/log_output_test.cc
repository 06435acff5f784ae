#include "core/base/log_output.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir {
namespace {

class LogOutputTest : public testing::Test {
 protected:
  LogOutput open(LogSpec::Form form) {
    return LogOutput::open({LogSpec::Target::File, form, path_}).value();
  }
  // What is in the file, without its time.
  std::string written() const {
    std::ifstream in(path_, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    constexpr std::string_view kTime = "2026-11-22T11:51:09.123Z";
    const std::size_t time = text.find_first_of("0123456789");
    return text.size() < time + kTime.size() ? text : text.replace(time, kTime.size(), "TIME");
  }

  const TemporaryDirectory directory_;
  const std::string path_ = directory_.path("weir.log");
};

TEST_F(LogOutputTest, WritesTextThatStaysALine) {
  LogOutput log = open(LogSpec::Form::Text);
  ASSERT_TRUE(log.write({LogLevel::Warning, "filter", "path a\nb\x1b[2J\xff caf\xc3\xa9", 3}));
  EXPECT_EQ(written(),
            "TIME warning filter: path a\\nb\\x1b[2J\\xff caf\xc3\xa9 (and 3 more like this)\n");
}

TEST_F(LogOutputTest, WritesAnObjectOfJson) {
  LogOutput log = open(LogSpec::Form::Json);
  ASSERT_TRUE(log.write({LogLevel::Error, "upstream", "a \"b\"\n\xff", 3}));
  EXPECT_EQ(written(),
            R"({"time":"TIME","level":"error","part":"upstream","message":"a \"b\"\n\u00ff",)"
            "\"held_back\":3}\n");
}

TEST_F(LogOutputTest, CutsAMessageSoThatAPipeTakesItsLineAtOnce) {
  for (const auto form : {LogSpec::Form::Text, LogSpec::Form::Json}) {
    std::remove(path_.c_str());
    LogOutput log = open(form);
    ASSERT_TRUE(
        log.write({LogLevel::Warning, "access_log", std::string(10'000, '\x1b'), UINT64_MAX}));
    const std::string line = written();
    EXPECT_LE(line.size() + 20, kMaxLogLine);
    EXPECT_GT(line.size(), kMaxLogLine - 250);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_NE(line.find("..."), std::string::npos);
    EXPECT_TRUE(form == LogSpec::Form::Text || line.ends_with("}\n"));
  }
}

TEST_F(LogOutputTest, SaysWhatItCannotOpen) {
  const auto log = LogOutput::open(
      {.target = LogSpec::Target::File, .path = directory_.path("absent/weir.log")});
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message.find("absent/weir.log: No such file"), std::string::npos)
      << log.error().message;
}

TEST_F(LogOutputTest, FollowsItsPathWhenTheFileWasMovedAway) {
  LogTarget file = LogTarget::open(LogTarget::Kind::File, path_).value();
  const auto now = LogTarget::Clock::now();
  ASSERT_TRUE(file.follow(now));
  ASSERT_EQ(file.write_some("a\n"), 2);
  std::rename(path_.c_str(), directory_.path("old.log").c_str());
  ASSERT_TRUE(file.follow(now + LogTarget::kLookInterval / 2));
  ASSERT_EQ(file.write_some("b\n"), 2);
  ASSERT_TRUE(file.follow(now + LogTarget::kLookInterval));
  ASSERT_EQ(file.write_some("c\n"), 2);
  EXPECT_EQ(written(), "c\n");
}

TEST_F(LogOutputTest, TakesNothingForAFileThatIsGoneForGood) {
  mkdir(directory_.path("logs").c_str(), 0700);
  const std::string path = directory_.path("logs/weir.log");
  LogTarget file = LogTarget::open(LogTarget::Kind::File, path).value();
  std::filesystem::remove_all(directory_.path("logs"));
  const auto now = LogTarget::Clock::now();
  EXPECT_FALSE(file.follow(now));
  EXPECT_EQ(file.write_some("lost\n"), -ENOENT);
  mkdir(directory_.path("logs").c_str(), 0700);
  EXPECT_TRUE(file.follow(now + LogTarget::kLookInterval));
  EXPECT_EQ(file.write_some("kept\n"), 5);
}

TEST_F(LogOutputTest, LosesWhatAPipeThatNobodyReadsDoesNotTake) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  LogOutput log = open(LogSpec::Form::Text);
  const std::string long_text(3'000, 'x');
  Result<void> taken;
  for (int i = 0; i < 1'000 && taken; ++i) taken = log.write({LogLevel::Info, "server", long_text});
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().message.find("its reader is too slow"), std::string::npos);
}

}  // namespace
}  // namespace weir
