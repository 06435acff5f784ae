#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/result.h"
#include "core/server/state_lock.h"

namespace weir::server {

// Keeps a text in a file that outlives the process. A thread of its own writes it, beside the old
// one, and puts it in its place when it is on the disk: so the file is always a whole one, and
// nobody waits for a slow disk. Of several texts that wait the newest is written. One that cannot
// be written is logged and tried again.
class StateFile {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
  static constexpr std::chrono::seconds kAgain{10};  // between two tries

  // Where the file is that a link at `path` leads to, or `path`.
  static std::string followed(const std::string& path);
  // The content of a file; nothing when there is no such file. Any thread.
  static Result<std::optional<std::string>> read(const std::string& path);

  StateFile();
  // Waits for what is being written, however long: end() first.
  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  void write(std::string path, std::string text);
  // That no other process has the file of the texts that come. It is taken again before each of
  // them is written, in case that somebody has deleted it; where another process has it by now,
  // nothing is written.
  void hold(StateLock lock);
  std::shared_ptr<const StateLock> lock() const;
  // What waits is given up.
  void forget();
  // `done` is called once: when what was last given to write() is on the disk, or with the error of
  // the first try; at once when there is nothing to wait for. On any thread, and not for long.
  using Written = std::function<void(const Result<void>&)>;
  void when_written(Written done);
  // Tries what waits once more, and ends. False when that takes longer than `patience`: its thread
  // still runs, so that all there is to do is to end the process.
  bool end(std::chrono::milliseconds patience);

  struct Trouble {
    std::uint64_t errors = 0;  // since the start
    std::string last;          // of the last try; empty when it was good
  };
  Trouble trouble() const;

 private:
  struct Job {
    std::string path;
    std::string text;
  };

  struct Waiting {
    std::uint64_t number;  // of the job
    Written done;
  };

  void run();
  Result<void> put(const Job& job, std::shared_ptr<const StateLock> held);
  // Those who wait for job `number` or one before it; without the lock while they are told.
  void tell(std::unique_lock<std::mutex>& lock, std::uint64_t number, const Result<void>& written);
  void note(const Job& job, const Result<void>& written);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const StateLock> lock_ = std::make_shared<StateLock>();
  std::optional<Job> job_;    // until it is written
  std::uint64_t number_ = 0;  // of job_; changes with it
  std::uint64_t failed_ = 0;  // the last job that was tried in vain
  std::vector<Waiting> waiting_;
  Trouble trouble_;
  bool ending_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace weir::server
