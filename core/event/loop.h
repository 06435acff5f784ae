#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/list.h"
#include "core/event/timer.h"

struct uv_loop_s;

namespace weir::event {

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

// One thread's event loop. A turn is one callback of the system (a descriptor that is ready, a
// timer, a posted task) and everything it causes; at its end the TurnEnds run and retired objects
// are destroyed, with no other frame on the stack. All functions but post() belong to the thread
// that runs the loop, or to its creator before run().
class Loop {
 public:
  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  // Every handle must be gone; in debug builds survivors are printed.
  ~Loop();

  // Runs until stop(), then once more what was posted or retired.
  void run();
  void stop();
  // One round without waiting, for tests and shutdown. Returns whether anything is still alive.
  bool run_once(bool wait = false);

  // Milliseconds of a monotonic clock, read once per round of the loop.
  std::uint64_t now() const;
  TimerWheel& timers() { return *timers_; }

  void at_turn_end(TurnEnd& member) {
    if (!member.linked()) turn_ends_.push_back(member);
  }
  void retire(std::unique_ptr<Deferred> object) { retired_.push_back(std::move(object)); }

  // Runs `task` on the loop's thread, in order of posting. Any thread, any time before the Loop
  // is destroyed; what was posted after the last round of run() is destroyed unrun.
  template <typename Task>
  void post(Task task) {
    post_task(std::make_unique<TaskOf<Task>>(std::move(task)));
  }

  // Milliseconds between an event being due and its turn, smoothed: how late the loop is.
  double delay_ms() const { return delay_ms_; }

  uv_loop_s* raw() { return loop_.get(); }
  // Begin and end a turn: called by the handles of this folder around every callback.
  void begin_turn();
  void end_turn();

 private:
  friend class TimerWheel;

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
  struct Close {
    void operator()(uv_loop_s* loop) const;
  };
  struct Wakeups;

  void post_task(std::unique_ptr<AnyTask> task);
  void run_posted();
  void after_poll();

  std::unique_ptr<uv_loop_s, Close> loop_;
  std::unique_ptr<Wakeups> wakeups_;
  std::unique_ptr<TimerWheel> timers_;
  List<TurnEnd> turn_ends_;
  std::vector<std::unique_ptr<Deferred>> retired_;
  double delay_ms_ = 0;
  std::uint64_t wake_due_ = 0;

  std::mutex posted_mutex_;
  std::vector<std::unique_ptr<AnyTask>> posted_;
};

}  // namespace weir::event
