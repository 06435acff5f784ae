#include "core/event/loop.h"

#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/event/poll.h"
#include "tests/unit/core/event/pair.h"

namespace weir::event {
namespace {

// Reads nothing: counts how often it is told.
struct Counter final : Poll::Owner {
  void on_events(unsigned) override { ++calls; }
  std::unique_ptr<Poll> poll;
  int calls = 0;
};

// How often the reader had been told when the deadline struck.
struct Deadline {
  void fire() { calls_before = reader.calls; }
  Counter& reader;
  int calls_before = -1;
};

// Busy until that many milliseconds have passed, as when the process was stopped.
void stall(std::uint64_t ms) {
  const std::uint64_t until = Loop::clock_us() + ms * 1'000;
  while (Loop::clock_us() < until) {
  }
}

TEST(Loop, RunsPostedTasksInOrderFromAnotherThread) {
  Loop loop;
  std::vector<int> seen;
  std::thread thread([&] {
    for (int i = 0; i < 100; ++i) loop.post([&seen, i] { seen.push_back(i); });
    loop.post([&loop] { loop.stop(); });
  });
  loop.run();
  thread.join();
  ASSERT_EQ(seen.size(), 100u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST(Loop, DestroysRetiredObjectsAtTheEndOfTheTurn) {
  Loop loop;
  struct Object final : Deferred {
    explicit Object(bool& flag) : gone(flag) {}
    ~Object() override { gone = true; }
    bool& gone;
  };
  bool gone = false;
  bool gone_inside = true;
  loop.post([&] {
    loop.retire(std::make_unique<Object>(gone));
    gone_inside = gone;
    loop.stop();
  });
  loop.run();
  EXPECT_FALSE(gone_inside);
  EXPECT_TRUE(gone);
}

TEST(Loop, JudgesADeadlineOnlyAfterReadableInputWasSeen) {
  Loop loop;
  Pair pair;
  Counter reader;
  reader.poll = std::make_unique<Poll>(loop, pair.ends[0], reader);
  reader.poll->want(kReadable);
  Deadline deadline{reader};
  Timer timer = Timer::of<&Deadline::fire>(loop.timers(), &deadline);
  loop.post([&] {
    timer.arm(5);
    // The loop stalls past the deadline while an answer arrives.
    ASSERT_EQ(write(pair.ends[1], "x", 1), 1);
    stall(20);
  });
  while (deadline.calls_before < 0) loop.run_once();
  EXPECT_GE(deadline.calls_before, 1);
  reader.poll.reset();
}

TEST(Loop, JudgesADeadlineOnlyAfterAllThatIsReadableWasSeen) {
  constexpr int kPairs = 600;  // more than one call of the system tells of
  Loop loop;
  std::vector<Pair> pairs(kPairs);
  Counter reader;
  std::vector<std::unique_ptr<Poll>> polls;
  for (Pair& pair : pairs) {
    polls.push_back(std::make_unique<Poll>(loop, pair.ends[0], reader));
    polls.back()->want(kReadable);
  }
  Deadline deadline{reader};
  Timer timer = Timer::of<&Deadline::fire>(loop.timers(), &deadline);
  loop.run_once();
  timer.arm(1);
  for (Pair& pair : pairs) pair.send_near('x');
  stall(20);
  while (deadline.calls_before < 0) loop.run_once();
  EXPECT_GE(deadline.calls_before, kPairs);
}

TEST(Loop, JudgesNoDeadlineByATimeAtWhichItHasNotLooked) {
  Loop loop;
  Pair pair;
  Pair other;
  Counter reader;
  Poll answer(loop, pair.ends[0], reader);
  answer.want(kReadable);
  // Called in the round in which the deadline passes: the answer comes behind the look.
  struct Staller final : Poll::Owner {
    void on_events(unsigned) override {
      if (!std::exchange(stalled, true)) pair.send_near('x');
    }
    explicit Staller(Pair& p) : pair(p) {}
    Pair& pair;
    bool stalled = false;
  } staller(pair);
  Poll busy(loop, other.ends[0], staller);
  busy.want(kReadable);
  Deadline deadline{reader};
  Timer timer = Timer::of<&Deadline::fire>(loop.timers(), &deadline);
  loop.run_once();
  timer.arm(1);
  other.send_near('x');
  stall(20);
  while (deadline.calls_before < 0) loop.run_once();
  EXPECT_GE(deadline.calls_before, 1);
}

TEST(Loop, TellsHowLongItsLongestRoundTook) {
  Loop loop;
  Timer end(loop.timers(), &loop, [](void* owner) { static_cast<Loop*>(owner)->stop(); });
  loop.post([&] {
    end.arm(30);
    stall(20);
  });
  loop.run();
  EXPECT_GE(loop.take_longest_round_us(), 20'000u);
  EXPECT_EQ(loop.take_longest_round_us(), 0u);
}

TEST(Loop, RunsTheFirstTurnEndsBeforeAndTheLastBehindAllOthers) {
  Loop loop;
  struct Step final : TurnEnd {
    void on_turn_end() override {
      order.push_back(name);
      if (next != nullptr) loop.at_turn_end(*next);
    }
    Step(Loop& l, std::string& o, char n) : loop(l), order(o), name(n) {}
    Loop& loop;
    std::string& order;
    char name;
    Step* next = nullptr;
  };
  std::string order;
  Step flush(loop, order, 'f');
  Step read(loop, order, 'r');
  Step another(loop, order, 'a');
  Step first(loop, order, '1');
  Step second(loop, order, '2');
  read.next = &first;
  first.next = &second;
  loop.post([&] {
    loop.last_at_turn_end(flush);
    loop.first_at_turn_end(read);
    loop.first_at_turn_end(another);
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(order, "ra12f");
}

TEST(Loop, RunsATurnEndOncePerTurn) {
  Loop loop;
  struct Flush final : TurnEnd {
    void on_turn_end() override { ++runs; }
    int runs = 0;
  } flush;
  loop.post([&] {
    loop.at_turn_end(flush);
    loop.at_turn_end(flush);
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(flush.runs, 1);
}

}  // namespace
}  // namespace weir::event
