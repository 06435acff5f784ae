#include "core/server/memory_trim.h"

#include <algorithm>
#include <utility>

#include <malloc.h>

namespace weir::server {

MemoryTrim::MemoryTrim(const MemoryBudget& memory, event::TimerWheel& timers,
                       std::function<void()> give_back)
    : memory_(memory),
      timer_(event::Timer::of<&MemoryTrim::look>(timers, this)),
      give_back_(std::move(give_back)) {}

void MemoryTrim::set_limits() {
  mallopt(M_TRIM_THRESHOLD, kArenaEnd);
}

void MemoryTrim::give_back_all() {
  malloc_trim(0);
}

// Not while it still falls: what is trimmed then is trimmed again.
void MemoryTrim::look() {
  timer_.arm(kIntervalMs);
  const std::size_t now = memory_.used();
  const bool falls = now + kLeast / 4 < last_;
  last_ = now;
  most_ = std::max(most_, now);
  if (rest_ > 0) --rest_;
  const bool gone = most_ - now >= kLeast && now <= most_ / 2;
  if (rest_ > 0 || falls || !(gone || asked_)) return;
  give_back_();
  asked_ = false;
  rest_ = kRest;
  most_ = now;
}

}  // namespace weir::server
