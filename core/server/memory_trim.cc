#include "core/server/memory_trim.h"

#include <algorithm>

#include <malloc.h>

namespace weir::server {

MemoryTrim::MemoryTrim(const MemoryBudget& memory, event::TimerWheel& timers)
    : memory_(memory), timer_(event::Timer::of<&MemoryTrim::look>(timers, this)) {}

// Not while it still falls: what is trimmed then is trimmed again.
void MemoryTrim::look() {
  timer_.arm(kIntervalMs);
  const std::size_t now = memory_.used();
  const bool falls = now + kLeast / 4 < last_;
  last_ = now;
  most_ = std::max(most_, now);
  if (rest_ > 0) --rest_;
  if (rest_ > 0 || falls || most_ - now < kLeast || now > most_ / 2) return;
  malloc_trim(0);
  rest_ = kRest;
  most_ = now;
}

}  // namespace weir::server
