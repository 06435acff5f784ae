#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/base/memory_budget.h"
#include "core/event/timer.h"

namespace weir::server {

// Gives memory back to the system after a crowd has gone, or a Snapshot: what is freed stays with
// the allocator of the C library, scattered, which would keep it for good. A worker that allocates
// meanwhile waits for some milliseconds, so there is a rest between two times. Control thread.
class MemoryTrim {
 public:
  // So much must have been given back since the most that was in use.
  static constexpr std::size_t kLeast = 16 << 20;
  static constexpr std::uint64_t kIntervalMs = 500;
  static constexpr int kArenaEnd = 1 << 20;
  static constexpr unsigned kRest = 20;  // looks, at least, from one time to the next

  // For the whole process, before it allocates much: the C library gives back by itself what is
  // free at the end of an arena, beyond kArenaEnd. Left alone it learns from large blocks that are
  // freed to keep up to 64 MiB there, of which give_back knows nothing.
  static void set_limits();

  // `give_back` is what the C library has for it, but in tests.
  MemoryTrim(const MemoryBudget& memory, event::TimerWheel& timers,
             std::function<void()> give_back = give_back_all);
  MemoryTrim(const MemoryTrim&) = delete;
  MemoryTrim& operator=(const MemoryTrim&) = delete;

  void start() { timer_.arm(kIntervalMs); }
  // Much has been freed that is not in the budget.
  void ask() { asked_ = true; }

 private:
  static void give_back_all();
  void look();

  const MemoryBudget& memory_;
  event::Timer timer_;
  const std::function<void()> give_back_;
  std::size_t most_ = 0;  // in use since the last time
  std::size_t last_ = 0;  // in use when it last looked
  unsigned rest_ = 0;     // looks that are left of it
  bool asked_ = false;
};

}  // namespace weir::server
