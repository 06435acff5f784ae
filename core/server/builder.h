#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/server/snapshot_source.h"

namespace weir::server {

// The thread that reads and compiles configurations, so that nothing else waits for it.
class Builder {
 public:
  // Called on the builder thread with what came of one load().
  using Done = std::function<void(LoadedSnapshot)>;

  explicit Builder(SnapshotSource& source);
  // Waits for a load that is under way, however long: end() first.
  ~Builder();
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  // No more loads. False when one that is under way does not end within `patience`, as when a file
  // system hangs: its thread still uses the source, so that all there is to do is to end the
  // process.
  bool end(std::chrono::milliseconds patience);

  // One at a time: the next after `done` was called. Any thread.
  void load(std::uint64_t number, Done done);

 private:
  void run();

  SnapshotSource& source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t number_ = 0;  // of the load that waits; 0: none
  Done done_;
  bool ending_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace weir::server
