#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/list.h"
#include "core/event/timer.h"

struct uv_loop_s;

namespace weir::event {

class PollSet;

// What may not be destroyed in the frame that ends it: hand it to Loop::retire().
class Deferred {
 public:
  virtual ~Deferred() = default;
};

// Work that is put off to the end of the current turn, such as flushing output once.
class TurnEnd : public ListNode<TurnEnd> {
 public:
  virtual void on_turn_end() = 0;

 protected:
  ~TurnEnd() = default;
};

// One thread's event loop. A turn is a callback of the system (for some descriptors that are ready,
// for timers, for posted tasks) and everything it causes; at its end the TurnEnds run and retired
// objects are destroyed, with no other frame on the stack. All functions but post() belong to the
// thread that runs the loop, or to its creator before run().
//
// A round waits once for descriptors in a set of its own (PollSet), among them that of a libuv
// loop, which brings wake-ups from other threads and process signals; then turns run, and deadlines
// are judged last.
class Loop {
 public:
  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  // Every handle must be gone; in debug builds survivors are printed.
  ~Loop();

  // Runs until stop(), then once more what was posted or retired.
  void run();
  void stop() { stopped_ = true; }
  // One round, which waits for something to do only with `wait`: for tests and shutdown.
  void run_once(bool wait = false);

  // Milliseconds of a monotonic clock, read once per round.
  std::uint64_t now() const { return now_us_ / 1'000; }
  // Microseconds of the same clock, read at most once for each descriptor and task.
  std::uint64_t turn_us() { return turn_us_ != 0 ? turn_us_ : turn_us_ = clock_us(); }
  // Microseconds of that clock at this very moment.
  static std::uint64_t clock_us();
  // Microseconds since 1970 at turn_us(); follows a change of the system's time within a second.
  std::int64_t wall_us();
  TimerWheel& timers() { return *timers_; }

  void at_turn_end(TurnEnd& member) {
    if (!member.linked()) turn_ends_.push_back(member);
  }
  // Before all the others: for what came in, so that one kind of work follows the other.
  void first_at_turn_end(TurnEnd& member) {
    if (!member.linked()) first_turn_ends_.push_back(member);
  }
  // Behind all the others: for what sends on its way what they leave behind.
  void last_at_turn_end(TurnEnd& member) {
    if (!member.linked()) last_turn_ends_.push_back(member);
  }
  void retire(std::unique_ptr<Deferred> object) { retired_.push_back(std::move(object)); }

  // Runs `task` on the loop's thread, in order of posting. Any thread, any time before the Loop
  // is destroyed; what was posted after the last round of run() is destroyed unrun.
  template <typename Task>
  void post(Task task) {
    post_task(std::make_unique<TaskOf<Task>>(std::move(task)));
  }

  // How long the longest round took since this was asked last, in microseconds: for so long
  // something that was ready may have waited.
  std::uint64_t take_longest_round_us() { return std::exchange(longest_round_us_, 0); }

  // --- for the handles of this folder ----------------------------------------------------------
  uv_loop_s* raw();
  PollSet& polls() { return *polls_; }
  // Begin and end a turn: around every callback.
  void begin_turn() {
    turn_us_ = 0;
    timers_->set_now(now());
  }
  void end_turn();

 private:
  struct Libuv;
  struct AnyTask {
    virtual ~AnyTask() = default;
    virtual void run() = 0;
  };
  template <typename Task>
  struct TaskOf final : AnyTask {
    explicit TaskOf(Task t) : task(std::move(t)) {}
    void run() override { task(); }
    Task task;
  };

  void post_task(std::unique_ptr<AnyTask> task);
  void run_posted();
  int longest_wait_ms();
  void end_round(std::uint64_t at_us);
  // Those that are ready; `woken`: so is libuv.
  void work(bool woken);
  void judge_deadlines();

  std::unique_ptr<Libuv> libuv_;
  std::unique_ptr<PollSet> polls_;
  std::unique_ptr<TimerWheel> timers_;
  List<TurnEnd> first_turn_ends_;
  List<TurnEnd> turn_ends_;
  List<TurnEnd> last_turn_ends_;
  std::vector<std::unique_ptr<Deferred>> retired_;
  std::uint64_t now_us_;
  std::uint64_t turn_us_ = 0;
  std::int64_t wall_offset_us_ = 0;
  std::uint64_t wall_offset_until_us_ = 0;
  std::uint64_t longest_round_us_ = 0;
  bool stopped_ = false;

  std::mutex posted_mutex_;
  std::vector<std::unique_ptr<AnyTask>> posted_;
};

}  // namespace weir::event
