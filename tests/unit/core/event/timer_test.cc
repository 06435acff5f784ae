#include "core/event/timer.h"

#include <memory>
#include <random>

#include <gtest/gtest.h>

namespace weir::event {
namespace {

// A wheel without a loop: time is what the test says.
struct Wheel {
  explicit Wheel(std::uint64_t start = 1'000'003) : wheel(start) {}
  void go_to(std::uint64_t now) {
    wheel.set_now(now);
    wheel.advance(now);
  }
  TimerWheel wheel;
};

struct Watch {
  explicit Watch(Wheel& w) : wheel(w), timer(Timer::of<&Watch::fire>(w.wheel, this)) {}
  void fire() {
    ++fired;
    at = wheel.wheel.now();
    if (again != 0) timer.arm(again);
  }
  Wheel& wheel;
  Timer timer;
  int fired = 0;
  std::uint64_t at = 0;
  std::uint64_t again = 0;
};

TEST(Timer, FiresAtItsDeadlineAndNotBefore) {
  for (const std::uint64_t delay :
       {1ull, 63ull, 64ull, 65ull, 4'095ull, 4'096ull, 300'000ull, 20'000'000ull, 90'000'000ull}) {
    Wheel wheel;
    Watch watch(wheel);
    const std::uint64_t start = wheel.wheel.now();
    watch.timer.arm(delay);
    for (std::uint64_t next; (next = wheel.wheel.next_due()) < start + delay;) wheel.go_to(next);
    wheel.go_to(start + delay - 1);
    EXPECT_EQ(watch.fired, 0) << delay;
    wheel.go_to(start + delay);
    EXPECT_EQ(watch.fired, 1) << delay;
    EXPECT_FALSE(watch.timer.armed());
  }
}

TEST(Timer, MovedLaterFiresOnlyAtTheNewDeadline) {
  Wheel wheel;
  Watch watch(wheel);
  const std::uint64_t start = wheel.wheel.now();
  watch.timer.arm(100);
  wheel.go_to(start + 90);
  watch.timer.arm(100);
  wheel.go_to(start + 150);
  EXPECT_EQ(watch.fired, 0);
  wheel.go_to(start + 190);
  EXPECT_EQ(watch.fired, 1);
}

TEST(Timer, MovedEarlierIsDueEarlier) {
  Wheel wheel;
  Watch watch(wheel);
  const std::uint64_t start = wheel.wheel.now();
  watch.timer.arm(60'000);
  watch.timer.arm(5);
  EXPECT_LE(wheel.wheel.next_due(), start + 5);
  wheel.go_to(start + 5);
  EXPECT_EQ(watch.fired, 1);
}

TEST(Timer, CancelledNeverFires) {
  Wheel wheel;
  Watch watch(wheel);
  watch.timer.arm(10);
  watch.timer.cancel();
  wheel.go_to(wheel.wheel.now() + 1'000);
  EXPECT_EQ(watch.fired, 0);
}

TEST(Timer, ArmedAgainInItsOwnCallbackFiresInALaterRound) {
  Wheel wheel;
  Watch watch(wheel);
  watch.again = 10;
  watch.timer.arm(10);
  const std::uint64_t start = wheel.wheel.now();
  for (std::uint64_t now = start; now <= start + 100; now += 5) wheel.go_to(now);
  EXPECT_EQ(watch.fired, 10);
}

TEST(Timer, MayBeDestroyedByAnotherTimerOfTheSameMoment) {
  Wheel wheel;
  struct Killer {
    std::unique_ptr<Watch> victim;
    void fire() { victim.reset(); }
  } killer;
  Timer first = Timer::of<&Killer::fire>(wheel.wheel, &killer);
  killer.victim = std::make_unique<Watch>(wheel);
  first.arm(10);
  killer.victim->timer.arm(10);
  wheel.go_to(wheel.wheel.now() + 10);
  EXPECT_EQ(killer.victim, nullptr);
}

TEST(Timer, AllFireOnceInAnyOrderOfArmingAndJumping) {
  std::mt19937 random(7);
  Wheel wheel;
  std::vector<std::unique_ptr<Watch>> watches;
  std::vector<std::uint64_t> deadlines;
  const std::uint64_t start = wheel.wheel.now();
  for (int i = 0; i < 2'000; ++i) {
    const std::uint64_t delay = 1 + random() % (i % 3 == 0 ? 100 : i % 3 == 1 ? 10'000 : 1'000'000);
    watches.push_back(std::make_unique<Watch>(wheel));
    watches.back()->timer.arm(delay);
    deadlines.push_back(start + delay);
  }
  std::uint64_t now = start;
  while (now < start + 1'100'000) {
    now += random() % 5'000;
    wheel.go_to(now);
    for (std::size_t i = 0; i < watches.size(); ++i) {
      ASSERT_EQ(watches[i]->fired, deadlines[i] <= now ? 1 : 0) << deadlines[i] - start;
    }
  }
  for (const auto& watch : watches) EXPECT_EQ(watch->fired, 1);
}

}  // namespace
}  // namespace weir::event
