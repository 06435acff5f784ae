#include "core/base/log.h"

#include <algorithm>
#include <cctype>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace weir {
namespace {

using namespace std::chrono_literals;

template <typename Body>
std::string standard_error_of(Body body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesTimeLevelPartAndValues) {
  const std::string name = "edge";
  std::string text = standard_error_of(
      [&] { log_info("server", "{} listens on port {}, {} {} {}", name, 80, true, -1, 0.5); });
  std::replace_if(
      text.begin(), text.begin() + 24, [](unsigned char c) { return std::isdigit(c) != 0; }, '0');
  EXPECT_EQ(text, "0000-00-00T00:00:00.000Z info server: edge listens on port 80, true -1 0.5\n");
}

TEST(Log, LeavesBracesOfValuesAlone) {
  const std::string text = standard_error_of([] { log_info("x", "{}-{}", "{}", "b"); });
  EXPECT_TRUE(text.ends_with("x: {}-b\n")) << text;
}

TEST(Log, EscapesWhatCouldForgeALineOrReachATerminal) {
  const std::string text =
      standard_error_of([] { log_warning("http", "path {}", "a\nb\x1b[2J\x7f\xc3\xa9"); });
  EXPECT_TRUE(text.ends_with("warning http: path a\\nb\\x1b[2J\\x7f\xc3\xa9\n")) << text;
}

TEST(Log, CutsALineThatAPipeMightNotTakeAtOnce) {
  const std::string text =
      standard_error_of([] { log_error("http", "{}", std::string(10'000, 'x')); });
  EXPECT_EQ(text.size(), kMaxLogLine);
  EXPECT_EQ(text.find('\n'), kMaxLogLine - 1);
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  const std::string text = standard_error_of([] {
    log_debug("a", "left out");
    set_log_level(LogLevel::Debug);
    log_debug("b", "said");
    set_log_level(LogLevel::Off);
    log_error("c", "left out");
    set_log_level(LogLevel::Info);
  });
  EXPECT_TRUE(text.ends_with("debug b: said\n")) << text;
  EXPECT_EQ(text.find("left out"), std::string::npos);
}

TEST(Log, KnowsItsLevelsByName) {
  EXPECT_EQ(log_level_of("warning"), LogLevel::Warning);
  EXPECT_EQ(to_string(LogLevel::Off), "off");
  EXPECT_FALSE(log_level_of("loud"));
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
  log_error("x", "a full pipe that nobody reads");
  dup2(standard_error, STDERR_FILENO);
  for (const int fd : {standard_error, ends[0], ends[1]}) close(fd);
  EXPECT_EQ(log_lines_dropped(), before + 1);
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
    for (int i = 0; i < 3; ++i) log(strict, LogLevel::Error, "net", "number {}", i);
    write_log(LogLevel::Error, "net", "again", {}, 2);
  });
  EXPECT_NE(text.find("net: number 0\n"), std::string::npos);
  EXPECT_EQ(text.find("number 1"), std::string::npos);
  EXPECT_TRUE(text.ends_with("net: again (and 2 more like this)\n")) << text;
}

}  // namespace
}  // namespace weir
