#include "core/server/access_log.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::server {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() {
    std::string pattern = (fs::temp_directory_path() / "weir-log-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~AccessLogTest() override { fs::remove_all(directory_); }

  std::string path(std::string_view name) const { return directory_ / name; }

  AccessLog::Settings settings(std::string_view format = "%id%") {
    AccessLog::Settings made;
    made.name = "main";
    made.kind = LogTarget::Kind::File;
    made.path = path("access.log");
    made.format = LogFormat::parse(format).value();
    made.report_interval = 1h;
    made.report = [this](std::string_view text) {
      const std::lock_guard lock(mutex_);
      reports_.emplace_back(text);
      reported_.notify_all();
    };
    return made;
  }
  std::vector<std::string> reports() {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

  bool wait_for_report(std::string_view words) {
    std::unique_lock lock(mutex_);
    return reported_.wait_for(lock, 30s, [&] {
      return std::ranges::any_of(reports_, [&](const std::string& report) {
        return report.find(words) != std::string::npos;
      });
    });
  }

  fs::path directory_;

 private:
  std::condition_variable reported_;
  std::mutex mutex_;
  std::vector<std::string> reports_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void add_line(LogLane& lane, std::string_view id) {
  filter::ExchangeRecord record;
  record.id = id;
  lane.on_exchange(record);
}

std::string read_to_end(int fd) {
  std::string all;
  char bytes[4096];
  for (ssize_t n; (n = read(fd, bytes, sizeof bytes)) > 0;) {
    all.append(bytes, static_cast<std::size_t>(n));
  }
  return all;
}

// A long id whose start tells it apart.
std::string id_of(int number) {
  return std::to_string(number) + std::string(140, '.');
}

TEST_F(AccessLogTest, WritesLinesToAFileThatOthersMayNotRead) {
  auto log = AccessLog::open(settings()).value();
  auto lane = log->add_lane();
  EXPECT_FALSE(lane->pending());
  add_line(*lane, "first");
  add_line(*lane, "second");
  EXPECT_TRUE(lane->pending());
  lane->flush();
  EXPECT_FALSE(lane->pending());
  ASSERT_TRUE(log->drain(10s));
  EXPECT_EQ(read_file(path("access.log")), "first\nsecond\n");
  struct stat about;
  ASSERT_EQ(stat(path("access.log").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777u & ~0640u, 0u);
  EXPECT_EQ(log->counts().written, 2u);
  EXPECT_EQ(log->counts().dropped, 0u);
}

TEST_F(AccessLogTest, AppendsToWhatIsThere) {
  std::ofstream(path("access.log")) << "before\n";
  auto log = AccessLog::open(settings()).value();
  add_line(*log->add_lane(), "after");
  log->close(10s);
  EXPECT_EQ(read_file(path("access.log")), "before\nafter\n");
}

TEST_F(AccessLogTest, SaysWhichFileItCannotOpen) {
  AccessLog::Settings made = settings();
  made.path = path("absent/access.log");
  const auto log = AccessLog::open(std::move(made));
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().message.find("absent/access.log: No such file"), std::string::npos);
}

TEST_F(AccessLogTest, KeepsTheLinesOfEveryLaneWholeAndInOrder) {
  auto log = AccessLog::open(settings("%id% %path%")).value();
  constexpr int kLanes = 4;
  constexpr int kLines = 3'000;
  std::vector<std::thread> workers;
  for (int i = 0; i < kLanes; ++i) {
    workers.emplace_back([lane = log->add_lane(), i] {
      const std::string path(static_cast<std::size_t>(20 + 40 * i), static_cast<char>('a' + i));
      filter::ExchangeRecord record;
      record.path = path;
      for (int n = 0; n < kLines; ++n) {
        const std::string id = std::to_string(i) + ":" + std::to_string(n);
        record.id = id;
        lane->on_exchange(record);
        if (n % 100 == 0) lane->flush();
      }
    });
  }
  for (int i = 0; i < 5; ++i) log->reopen();
  for (std::thread& worker : workers) worker.join();
  workers.clear();
  log->close(30s);
  EXPECT_EQ(log->counts().written, static_cast<std::uint64_t>(kLanes * kLines));
  std::map<int, int> next;
  for (const std::string& line : lines_of(read_file(path("access.log")))) {
    int lane = 0;
    int number = 0;
    int end = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "%d:%d %n", &lane, &number, &end), 2) << line;
    EXPECT_EQ(number, next[lane]++);
    EXPECT_EQ(line.substr(static_cast<std::size_t>(end)),
              std::string(static_cast<std::size_t>(20 + 40 * lane), static_cast<char>('a' + lane)));
  }
  for (int i = 0; i < kLanes; ++i) EXPECT_EQ(next[i], kLines);
}

TEST_F(AccessLogTest, DropsAndCountsLinesWhileTheReaderOfAPipeHangs) {
  ASSERT_EQ(mkfifo(path("access.log").c_str(), 0600), 0);
  const int reader = open(path("access.log").c_str(), O_RDONLY | O_NONBLOCK);
  AccessLog::Settings made = settings();
  made.max_bytes = 3 * sizeof(LogChunk);
  made.report_interval = 1ms;
  auto log = AccessLog::open(std::move(made)).value();
  auto lane = log->add_lane();
  constexpr int kLines = 5'000;
  for (int n = 0; n < kLines; ++n) add_line(*lane, id_of(n));
  lane.reset();
  EXPECT_GT(log->counts().dropped, 1'000u);
  EXPECT_FALSE(log->drain(0s));
  EXPECT_TRUE(wait_for_report("takes no more lines: its reader is too slow"));

  ASSERT_EQ(fcntl(reader, F_SETFL, 0), 0);
  std::string read;
  std::thread slow([&] { read = read_to_end(reader); });
  EXPECT_TRUE(log->drain(30s));
  log->close(1s);
  log.reset();
  slow.join();
  close(reader);

  int last = -1;
  const std::vector<std::string> lines = lines_of(read);
  for (const std::string& line : lines) {
    const int number = std::atoi(line.c_str());
    EXPECT_EQ(line, id_of(number));
    EXPECT_GT(number, last);
    last = number;
  }
  EXPECT_GT(lines.size(), 0u);
}

TEST_F(AccessLogTest, CountsEveryLineAsWrittenOrDropped) {
  ASSERT_EQ(mkfifo(path("access.log").c_str(), 0600), 0);
  const int reader = open(path("access.log").c_str(), O_RDONLY | O_NONBLOCK);
  AccessLog::Settings made = settings();
  made.max_bytes = 3 * sizeof(LogChunk);
  auto log = AccessLog::open(std::move(made)).value();
  auto lane = log->add_lane();
  for (int n = 0; n < 5'000; ++n) add_line(*lane, id_of(n));
  lane.reset();
  log->close(1ms);
  const LogWriter::Counts counts = log->counts();
  const std::string read = read_to_end(reader);
  EXPECT_EQ(static_cast<std::uint64_t>(std::ranges::count(read, '\n')), counts.written);
  EXPECT_EQ(counts.written + counts.dropped, 5'000u);
  close(reader);
}

TEST_F(AccessLogTest, CountsOnFromTheLogBeforeOfItsName) {
  const auto totals = std::make_shared<LogTotals>();
  for (const char* name : {"first.log", "second.log"}) {
    AccessLog::Settings made = settings();
    made.path = path(name);
    made.totals = totals;
    auto log = AccessLog::open(std::move(made)).value();
    add_line(*log->add_lane(), "one");
    log->close(30s);
  }
  EXPECT_EQ(totals->written, 2u);
}

TEST_F(AccessLogTest, EndsInTimeWhenStandardOutputHangs) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int standard_output = dup(STDOUT_FILENO);
  dup2(ends[1], STDOUT_FILENO);
  AccessLog::Settings made = settings();
  made.kind = LogTarget::Kind::Stdout;
  auto log = AccessLog::open(std::move(made)).value();
  dup2(standard_output, STDOUT_FILENO);
  close(standard_output);
  close(ends[1]);
  auto lane = log->add_lane();
  for (int n = 0; n < 2'000; ++n) add_line(*lane, id_of(n));
  lane.reset();
  log->close(20ms);
  const LogWriter::Counts counts = log->counts();
  EXPECT_GT(counts.dropped, 0u);
  EXPECT_EQ(counts.written + counts.dropped, 2'000u);
  log.reset();
  for (const std::string& line : lines_of(read_to_end(ends[0]))) {
    EXPECT_EQ(line, id_of(std::atoi(line.c_str())));
  }
  close(ends[0]);
}

TEST_F(AccessLogTest, GoesToANewFileWithinASecondOfTheOldOneBeingMovedAway) {
  auto log = AccessLog::open(settings()).value();
  auto lane = log->add_lane();
  add_line(*lane, "old");
  lane->flush();
  ASSERT_TRUE(log->drain(10s));
  fs::rename(path("access.log"), path("old.log"));
  const auto until = std::chrono::steady_clock::now() + 30s;
  std::uint64_t lines = 1;
  while (!fs::exists(path("access.log")) && std::chrono::steady_clock::now() < until) {
    add_line(*lane, "new");
    lane->flush();
    ASSERT_TRUE(log->drain(10s));
    ++lines;
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(read_file(path("access.log")).ends_with("new\n"));
  EXPECT_TRUE(read_file(path("old.log")).starts_with("old\n"));
  EXPECT_EQ(log->counts().written, lines);
  EXPECT_EQ(reports(), std::vector<std::string>());
}

TEST_F(AccessLogTest, SaysOnceThatItsDirectoryVanishedAndGoesOnWhenThatIsBack) {
  AccessLog::Settings made = settings();
  fs::create_directory(path("logs"));
  made.path = path("logs/access.log");
  auto log = AccessLog::open(std::move(made)).value();
  auto lane = log->add_lane();
  const auto until = std::chrono::steady_clock::now() + 30s;
  const auto add_lines_until = [&](auto enough) {
    while (!enough() && std::chrono::steady_clock::now() < until) {
      add_line(*lane, "line");
      lane->flush();
      ASSERT_TRUE(log->drain(10s));
      std::this_thread::sleep_for(10ms);
    }
  };
  fs::remove_all(path("logs"));
  add_lines_until([&] { return log->counts().write_errors >= 3; });
  EXPECT_GT(log->counts().dropped, 0u);
  ASSERT_EQ(reports().size(), 1u);
  EXPECT_NE(reports()[0].find("logs/access.log: No such file or directory"), std::string::npos);
  fs::create_directory(path("logs"));
  add_lines_until([&] { return fs::exists(path("logs/access.log")); });
  EXPECT_EQ(read_file(path("logs/access.log")), "line\n");
}

TEST_F(AccessLogTest, SaysOnceThatTheDiskIsFull) {
  AccessLog::Settings made = settings();
  made.path = "/dev/full";
  auto log = AccessLog::open(std::move(made)).value();
  auto lane = log->add_lane();
  for (int n = 0; n < 5; ++n) {
    add_line(*lane, "lost");
    lane->flush();
    ASSERT_TRUE(log->drain(10s));
  }
  log->close(10s);
  EXPECT_EQ(log->counts().dropped, 5u);
  EXPECT_EQ(log->counts().write_errors, 5u);
  EXPECT_EQ(log->counts().written, 0u);
  EXPECT_EQ(reports(), std::vector<std::string>{"the access log /dev/full cannot be written: No "
                                                "space left on device; lines lost so far: 1"});
}

TEST_F(AccessLogTest, LosesLinesButNotTheProcessWhenNobodyReadsAPipe) {
  ASSERT_EQ(mkfifo(path("access.log").c_str(), 0600), 0);
  int reader = open(path("access.log").c_str(), O_RDONLY | O_NONBLOCK);
  auto log = AccessLog::open(settings()).value();
  auto lane = log->add_lane();
  close(reader);
  add_line(*lane, "lost");
  lane->flush();
  ASSERT_TRUE(log->drain(10s));
  EXPECT_EQ(log->counts().dropped, 1u);
  reader = open(path("access.log").c_str(), O_RDONLY | O_NONBLOCK);
  add_line(*lane, "read");
  lane->flush();
  ASSERT_TRUE(log->drain(10s));
  lane.reset();
  log->close(10s);
  log.reset();
  EXPECT_EQ(read_to_end(reader), "read\n");
  close(reader);
  ASSERT_EQ(reports().size(), 1u);
  EXPECT_NE(reports()[0].find("Broken pipe"), std::string::npos);
}

TEST_F(AccessLogTest, BeginsANewLineAfterOneThatTheDiskCutOff) {
  auto log = AccessLog::open(settings()).value();
  auto lane = log->add_lane();
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit limited = before;
  limited.rlim_cur = 200'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limited), 0);
  for (int n = 0; n < 2'000; ++n) add_line(*lane, id_of(n));
  lane->flush();
  const bool drained = log->drain(10s);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_TRUE(drained);
  EXPECT_GT(log->counts().write_errors, 0u);
  add_line(*lane, "whole again");
  lane.reset();
  log->close(10s);

  const std::vector<std::string> lines = lines_of(read_file(path("access.log")));
  ASSERT_GT(lines.size(), 2u);
  EXPECT_EQ(lines.back(), "whole again");
  const std::string& cut = lines[lines.size() - 2];
  EXPECT_EQ(cut, id_of(std::atoi(cut.c_str())).substr(0, cut.size()));
  EXPECT_LT(cut.size(), id_of(1'000).size());
  EXPECT_EQ(log->counts().written, lines.size() - 1);
}

TEST_F(AccessLogTest, GoesOnInANewFileAfterTheOldWasMovedAway) {
  auto log = AccessLog::open(settings()).value();
  auto lane = log->add_lane();
  add_line(*lane, "old");
  lane->flush();
  ASSERT_TRUE(log->drain(10s));
  fs::rename(path("access.log"), path("access.log.1"));
  add_line(*lane, "old too");
  lane->flush();
  ASSERT_TRUE(log->drain(10s));
  log->reopen();
  ASSERT_TRUE(log->drain(10s));
  add_line(*lane, "new");
  lane.reset();
  log->close(10s);
  EXPECT_EQ(read_file(path("access.log.1")), "old\nold too\n");
  EXPECT_EQ(read_file(path("access.log")), "new\n");
}

TEST_F(AccessLogTest, StaysWithTheOldFileWhenItsDirectoryVanished) {
  fs::create_directory(directory_ / "logs");
  AccessLog::Settings made = settings();
  made.path = path("logs/access.log");
  auto log = AccessLog::open(std::move(made)).value();
  auto lane = log->add_lane();
  fs::rename(directory_ / "logs", directory_ / "moved");
  log->reopen();
  ASSERT_TRUE(log->drain(10s));
  add_line(*lane, "kept");
  lane.reset();
  log->close(10s);
  EXPECT_EQ(read_file(path("moved/access.log")), "kept\n");
  ASSERT_EQ(reports().size(), 1u);
  EXPECT_NE(reports()[0].find("No such file or directory"), std::string::npos);
}

TEST_F(AccessLogTest, WritesEverythingBeforeItCloses) {
  auto log = AccessLog::open(settings()).value();
  std::vector<std::unique_ptr<LogLane>> lanes;
  for (int i = 0; i < 3; ++i) {
    lanes.push_back(log->add_lane());
    for (int n = 0; n < 1'000; ++n) add_line(*lanes.back(), id_of(n));
  }
  lanes.clear();
  log->close(30s);
  EXPECT_EQ(lines_of(read_file(path("access.log"))).size(), 3'000u);
}

TEST_F(AccessLogTest, WritesWhatIsLeftAfterItIsDestroyed) {
  ASSERT_EQ(mkfifo(path("access.log").c_str(), 0600), 0);
  const int reader = open(path("access.log").c_str(), O_RDONLY | O_NONBLOCK);
  auto log = AccessLog::open(settings()).value();
  ASSERT_EQ(fcntl(reader, F_SETFL, 0), 0);
  add_line(*log->add_lane(), "late");
  log.reset();
  EXPECT_EQ(read_to_end(reader), "late\n");  // ends when the writer has closed its side
  close(reader);
}

TEST_F(AccessLogTest, LosesWhatComesAfterItsEnd) {
  auto log = AccessLog::open(settings()).value();
  auto lane = log->add_lane();
  log->close(10s);
  log->close(10s);
  add_line(*lane, "late");
  lane.reset();
  EXPECT_EQ(log->counts().dropped, 1u);
}

}  // namespace
}  // namespace weir::server
