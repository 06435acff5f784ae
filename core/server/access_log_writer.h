#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "core/base/log.h"
#include "core/base/log_target.h"
#include "core/base/result.h"
#include "core/server/access_log_chunk.h"

namespace weir::server {

// What became of the lines of all logs of one name, one after the other. Any thread.
struct LogTotals {
  std::atomic<std::uint64_t> written{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> write_errors{0};
};

// The thread that writes one log, and the bounded queue in front of it. Whoever hands over never
// waits for the target: locks are held for a few instructions. Any thread may call.
class LogWriter {
 public:
  using Clock = std::chrono::steady_clock;
  // Says what is wrong with the target: on the writer's thread, at most once per interval.
  using Report = std::function<void(std::string_view)>;

  struct Settings {
    std::size_t max_chunks = 0;  // that wait or are being written
    Clock::duration report_interval{};
    Report report;
    std::shared_ptr<LogTotals> totals = std::make_shared<LogTotals>();
  };
  struct Counts {
    std::uint64_t written = 0;  // lines
    std::uint64_t dropped = 0;
    std::uint64_t write_errors = 0;
  };

  // The thread keeps the writer alive until close() or abandon() has taken effect.
  static Result<std::shared_ptr<LogWriter>> start(LogTarget target, Settings settings);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;
  ~LogWriter();

  // Takes `chunk` and gives an empty one for it; or gives it back when there is no room or, unless
  // `urgent`, when the writer is behind and the chunk may wait to be full. `dropped` are lines that
  // the caller has lost since it said so last.
  std::unique_ptr<LogChunk> hand_over(std::unique_ptr<LogChunk> chunk, std::uint64_t dropped,
                                      bool urgent);
  // Whether hand_over() would be in vain; without a lock, and maybe late.
  bool full() const { return full_.load(std::memory_order_relaxed); }

  // Opens the target anew before it writes on.
  void reopen();
  // Waits until all that was handed over or asked for is done; false when that takes longer.
  bool drain(Clock::duration wait);
  // Writes what is queued and ends the thread. What is not written after `wait` is dropped. Returns
  // soon after `wait` even if a write hangs in the kernel.
  void close(Clock::duration wait);
  // The same without waiting for it, and without further reports.
  void abandon(Clock::duration wait);

  Counts counts() const;

 private:
  LogWriter(LogTarget target, Settings settings, int wake_fd);

  enum class Wait : unsigned char { Writable, Reopen, GiveUp };

  void run();
  void write(const LogChunk& chunk);
  Wait wait_until_writable();
  void reopen_target();
  // Counts and says that the target could not be opened again, if so.
  void take_note(const Result<void>& opened);
  // Until woken, or `fd` is writable: then true. Without an fd: -1.
  bool sleep(int fd, Clock::duration timeout);
  void wake();
  void say(std::string_view trouble);
  void begin_close(Clock::duration wait);
  bool give_up() const;
  bool done() const { return in_flight_ == 0 && reopens_ == reopens_asked_; }

  const Settings settings_;
  const int wake_fd_;

  // Of the writer's thread.
  LogTarget target_;
  LogLimit report_limit_;
  bool cut_ = false;  // the target ends in the middle of a line whose rest is lost

  std::mutex report_mutex_;
  bool silent_ = false;

  mutable std::mutex mutex_;
  std::condition_variable progress_;
  std::deque<std::unique_ptr<LogChunk>> queue_;
  std::vector<std::unique_ptr<LogChunk>> free_;
  std::size_t in_flight_ = 0;
  unsigned reopens_asked_ = 0;
  unsigned reopens_ = 0;
  bool closing_ = false;
  bool ended_ = false;
  Clock::time_point give_up_at_;
  bool losing_ = false;  // lines were dropped since it was last looked at
  std::thread thread_;
  std::atomic<bool> full_{false};
};

}  // namespace weir::server
