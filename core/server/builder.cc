#include "core/server/builder.h"

#include <utility>

#include <malloc.h>
#include <pthread.h>

#include "core/base/check.h"

namespace weir::server {

Builder::Builder(SnapshotSource& source) : source_(source), thread_([this] { run(); }) {}

Builder::~Builder() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Builder::end(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  ending_ = true;
  changed_.notify_all();
  return changed_.wait_for(lock, patience, [this] { return ended_; });
}

void Builder::load(std::uint64_t number, Done done) {
  {
    std::lock_guard lock(mutex_);
    WEIR_CHECK(number_ == 0);
    number_ = number;
    done_ = std::move(done);
  }
  changed_.notify_all();
}

void Builder::run() {
  pthread_setname_np(pthread_self(), "weir-builder");
  for (;;) {
    std::uint64_t number;
    Done done;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || number_ != 0; });
      if (ending_) {
        ended_ = true;
        changed_.notify_all();
        return;
      }
      number = std::exchange(number_, 0);
      done = std::exchange(done_, nullptr);
    }
    done(source_.load(number));
    // Reading takes far more memory than what stays of it.
    malloc_trim(0);
  }
}

}  // namespace weir::server
