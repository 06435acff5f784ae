#include "core/event/timer.h"

#include <algorithm>
#include <bit>

namespace weir::event {

void Timer::arm(std::uint64_t delay_ms) {
  deadline_ = wheel_->now_ + delay_ms;
  if (linked()) {
    if (due_ <= deadline_) return;
    unlink();
  }
  wheel_->insert(*this);
}

// The level is that of the highest bit in which the due time differs from the current tick: every
// place of it comes up before the levels above turn.
void TimerWheel::insert(Timer& timer) {
  const std::uint64_t due = std::max(timer.deadline_, tick_ + 1);
  const std::uint64_t apart = due ^ tick_;
  const unsigned level =
      std::min<unsigned>((static_cast<unsigned>(std::bit_width(apart)) - 1) / kBits, kLevels - 1);
  const unsigned shift = level * kBits;
  unsigned place = static_cast<unsigned>(due >> shift) & (kPlaces - 1);
  std::uint64_t comes_up = (due >> shift) << shift;
  if (level == kLevels - 1) {
    // Beyond the last level's reach: the place just behind the current one, looked at again then.
    const std::uint64_t reach = (tick_ >> shift) + kPlaces - 1;
    if ((due >> shift) > reach) {
      place = static_cast<unsigned>(reach) & (kPlaces - 1);
      comes_up = reach << shift;
    }
  }
  timer.due_ = comes_up;
  places_[level][place].push_back(timer);
  used_[level] |= std::uint64_t{1} << place;
}

void TimerWheel::take_place(unsigned level, unsigned place, List<Timer>& into) {
  List<Timer>& from = places_[level][place];
  while (Timer* timer = from.pop_front()) into.push_back(*timer);
  used_[level] &= ~(std::uint64_t{1} << place);
}

std::uint64_t TimerWheel::next_due() const {
  std::uint64_t best = kIdle;
  for (unsigned level = 0; level < kLevels; ++level) {
    if (used_[level] == 0) continue;
    const unsigned shift = level * kBits;
    const std::uint64_t turn = tick_ >> shift;
    const unsigned current = static_cast<unsigned>(turn) & (kPlaces - 1);
    // Rotated so that the place behind the current one is bit 0: nothing stands in the current.
    const std::uint64_t ahead = std::rotr(used_[level], static_cast<int>(current + 1));
    const std::uint64_t place = turn + 1 + static_cast<unsigned>(std::countr_zero(ahead));
    best = std::min(best, place << shift);
  }
  return best;
}

void TimerWheel::advance(std::uint64_t now) {
  now_ = now;
  List<Timer> due;
  for (std::uint64_t next = next_due(); next <= now; next = next_due()) {
    tick_ = next;
    for (unsigned level = kLevels; level-- > 0;) {
      const unsigned shift = level * kBits;
      if ((next & ((std::uint64_t{1} << shift) - 1)) != 0) continue;
      const unsigned place = static_cast<unsigned>(next >> shift) & (kPlaces - 1);
      if ((used_[level] >> place & 1) != 0) take_place(level, place, due);
    }
    while (Timer* timer = due.pop_front()) {
      if (timer->deadline_ == Timer::kNever) continue;
      if (timer->deadline_ > next) {
        insert(*timer);
      } else {
        timer->deadline_ = Timer::kNever;
        timer->callback_(timer->owner_);
      }
    }
  }
  tick_ = std::max(tick_, now);
}

}  // namespace weir::event
