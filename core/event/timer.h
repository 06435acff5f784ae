#pragma once

#include <cstdint>

#include "core/base/list.h"

namespace weir::event {

class TimerWheel;

// A deadline. Moving it later only writes a number. Calls `callback(owner)` once, on the loop's
// thread, not before the deadline and after I/O that was ready by then has been handled; may be
// armed again from there. Its owner destroys it at any time.
class Timer : public ListNode<Timer> {
 public:
  using Callback = void (*)(void* owner);

  Timer(TimerWheel& wheel, void* owner, Callback callback)
      : wheel_(&wheel), owner_(owner), callback_(callback) {}
  // The same with a member function: Timer::of<&Session::on_idle>(wheel, this).
  template <auto kMember, typename T>
  static Timer of(TimerWheel& wheel, T* owner) {
    return Timer(wheel, owner, [](void* self) { (static_cast<T*>(self)->*kMember)(); });
  }

  // `delay_ms` from the loop's now. Zero means the end of this round.
  void arm(std::uint64_t delay_ms);
  void cancel() { deadline_ = kNever; }
  bool armed() const { return deadline_ != kNever; }

 private:
  friend class TimerWheel;
  static constexpr std::uint64_t kNever = UINT64_MAX;

  TimerWheel* wheel_;
  void* owner_;
  Callback callback_;
  std::uint64_t deadline_ = kNever;
  std::uint64_t due_ = 0;  // when its place in the wheel comes up; at or before the deadline
};

// The timers of one loop: four levels of 64 places, one millisecond in the first. Arming and
// cancelling cost a few instructions, whatever their number.
class TimerWheel {
 public:
  static constexpr std::uint64_t kIdle = UINT64_MAX;

  explicit TimerWheel(std::uint64_t now) : now_(now), tick_(now) {}

  // Fires what is due at `now`.
  void advance(std::uint64_t now);
  // When advance() has something to do next, or kIdle.
  std::uint64_t next_due() const;
  // The time of the last round.
  void set_now(std::uint64_t now) { now_ = now; }
  std::uint64_t now() const { return now_; }

 private:
  friend class Timer;
  static constexpr unsigned kLevels = 4;
  static constexpr unsigned kBits = 6;
  static constexpr unsigned kPlaces = 1u << kBits;

  void insert(Timer& timer);
  void take_place(unsigned level, unsigned place, List<Timer>& into);

  std::uint64_t now_;   // what timers count from
  std::uint64_t tick_;  // places up to here have been emptied
  std::uint64_t used_[kLevels] = {};
  List<Timer> places_[kLevels][kPlaces];
};

}  // namespace weir::event
