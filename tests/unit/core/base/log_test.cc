#include "core/base/log.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

template <typename Body>
std::string standard_error_of(Body body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Sends the log to a file while it lives.
struct LogToFile {
  explicit LogToFile(const std::string& path) {
    set_log_output(LogOutput::open({.target = LogSpec::Target::File, .path = path}).value());
  }
  ~LogToFile() { set_log_output(LogOutput()); }
};

TEST(Log, WritesTimeLevelPartAndValues) {
  const std::string name = "edge";
  std::string text = standard_error_of(
      [&] { log_info("server", "{} listens on port {}, {} {} {}", name, 80, true, -1, 0.5); });
  std::replace_if(
      text.begin(), text.begin() + 24, [](unsigned char c) { return std::isdigit(c) != 0; }, '0');
  EXPECT_EQ(text, "0000-00-00T00:00:00.000Z info server: edge listens on port 80, true -1 0.5\n");
}

TEST(Log, LeavesBracesOfValuesAlone) {
  const std::string text = standard_error_of([] { log_info("server", "{}-{}", "{}", "b"); });
  EXPECT_TRUE(text.ends_with("server: {}-b\n")) << text;
}

TEST(Log, LeavesOutWhatIsBelowTheLevelOfItsPart) {
  const LogLevels before = log_levels();
  const std::string text = standard_error_of([] {
    log_debug("server", "left out");
    set_log_level("server", LogLevel::Debug);
    log_debug("server", "said");
    log_debug("config", "left out");
    set_log_level(LogLevel::Off);
    log_error("server", "left out");
  });
  set_log_levels(before);
  EXPECT_EQ(log_level("server"), LogLevel::Info);
  EXPECT_TRUE(text.ends_with("debug server: said\n")) << text;
  EXPECT_EQ(text.find("left out"), std::string::npos);
}

TEST(Log, KnowsItsLevelsAndPartsByName) {
  EXPECT_EQ(log_level_of("warning"), LogLevel::Warning);
  EXPECT_EQ(to_string(LogLevel::Off), "off");
  EXPECT_FALSE(log_level_of("loud"));
  for (const std::string_view name : LogPart::kNames) EXPECT_EQ(LogPart::find(name)->name(), name);
  EXPECT_FALSE(LogPart::find("sever"));
}

TEST(Log, DropsAndCountsWhatStandardErrorDoesNotTake) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  const std::string page(4096, 'x');
  while (write(ends[1], page.data(), page.size()) > 0) continue;
  ASSERT_EQ(fcntl(ends[1], F_SETFL, 0), 0);
  const int standard_error = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  const std::uint64_t before = log_lines_dropped();
  log_error("server", "a full pipe that nobody reads");
  dup2(standard_error, STDERR_FILENO);
  for (const int fd : {standard_error, ends[0], ends[1]}) close(fd);
  EXPECT_EQ(log_lines_dropped(), before + 1);
}

TEST(Log, GoesToAFileThatIsOpenedAgain) {
  const TemporaryDirectory directory;
  const LogToFile log(directory.path("weir.log"));
  log_info("server", "first");
  std::rename(directory.path("weir.log").c_str(), directory.path("old.log").c_str());
  reopen_log();
  log_info("server", "second");
  EXPECT_TRUE(read_file(directory.path("old.log")).ends_with("info server: first\n"));
  EXPECT_TRUE(read_file(directory.path("weir.log")).ends_with("info server: second\n"));
}

TEST(Log, SaysOnStandardErrorOncePerIntervalThatItsFileTakesNothing) {
  const std::uint64_t errors = log_errors();
  const std::uint64_t before = log_lines_dropped();
  const std::string text = standard_error_of([] {
    const LogToFile log("/dev/full");
    for (int i = 0; i < 3; ++i) log_info("server", "lost");
  });
  EXPECT_EQ(log_lines_dropped(), before + 3);
  EXPECT_EQ(log_errors(), errors + 3);
  EXPECT_NE(text.find(" error log: the log /dev/full cannot be written: No space left on device; "
                      "lines lost so far: "),
            std::string::npos)
      << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_EQ(text.find("server"), std::string::npos) << text;
}

TEST(Log, CountsThatItsFolderIsGone) {
  const std::uint64_t dropped = log_lines_dropped();
  const std::uint64_t errors = log_errors();
  const std::string text = standard_error_of([] {
    const TemporaryDirectory directory;
    const LogToFile log(directory.path("weir.log"));
    std::filesystem::remove_all(directory.path(""));
    reopen_log();
    log_info("server", "lost, as nobody could read it");
  });
  EXPECT_NE(text.find("the log stays open where it was: "), std::string::npos) << text;
  EXPECT_GT(log_errors(), errors);
  EXPECT_EQ(log_lines_dropped(), dropped + 1);
}

TEST(Log, CountsThatItsFolderWasMovedAndLosesNothing) {
  const std::uint64_t dropped = log_lines_dropped();
  const std::uint64_t errors = log_errors();
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path("logs"));
  const LogToFile log(directory.path("logs/weir.log"));
  standard_error_of([&] {
    std::filesystem::rename(directory.path("logs"), directory.path("moved"));
    reopen_log();
    log_info("server", "goes where it went before");
  });
  EXPECT_TRUE(read_file(directory.path("moved/weir.log")).ends_with("it went before\n"));
  EXPECT_GT(log_errors(), errors);
  EXPECT_EQ(log_lines_dropped(), dropped);
}

TEST(LogLimit, LetsOneThroughPerIntervalAndCountsTheOthers) {
  LogLimit limit(10s);
  const LogLimit::Clock::time_point start{};
  EXPECT_EQ(limit.allow(start), 0u);
  EXPECT_EQ(limit.allow(start + 1s), std::nullopt);
  EXPECT_EQ(limit.allow(start + 9s), std::nullopt);
  EXPECT_EQ(limit.allow(start + 10s), 2u);
  EXPECT_EQ(limit.allow(start + 20s), 0u);
}

TEST(LogLimit, SaysHowManyWereHeldBack) {
  LogLimit limit(0s);
  const auto later = LogLimit::Clock::now() + 1h;
  EXPECT_TRUE(limit.allow(later));
  EXPECT_FALSE(limit.allow(later - 1h));
  LogLimit strict(1h);
  const std::string text = standard_error_of([&] {
    for (int i = 0; i < 3; ++i) log(strict, LogLevel::Error, "server", "number {}", i);
    write_log(LogLevel::Error, "server", "again", {}, 2);
  });
  EXPECT_NE(text.find("server: number 0\n"), std::string::npos);
  EXPECT_EQ(text.find("number 1"), std::string::npos);
  EXPECT_TRUE(text.ends_with("server: again (and 2 more like this)\n")) << text;
}

}  // namespace
}  // namespace weir
