#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/memory_account.h"
#include "core/event/loop.h"
#include "core/event/timer.h"
#include "core/server/loop_delay.h"
#include "core/server/metrics_blocks.h"
#include "core/server/overload.h"
#include "core/server/recent_maximum.h"

namespace weir::server {

class Worker;

// How one worker bears overload: it looks at what the process uses and how late its own loop is,
// tells its reactor the worst pressure of them, and sheds load. Worker thread.
//
// When memory is short it looks at the end of the same turn, otherwise each kIntervalMs.
class WorkerShedding final : private event::TurnEnd, private MemoryAccount::Owner {
 public:
  // What is done at once is bounded, so that shedding makes no loop late.
  static constexpr std::size_t kMostClosed = 256;
  // A connection is idle when nothing has moved for so long.
  static constexpr std::uint64_t kIdleMs = 1'000;

  WorkerShedding(Worker& worker, Overload& overload, WorkerMetrics& metrics);
  ~WorkerShedding();
  WorkerShedding(const WorkerShedding&) = delete;
  WorkerShedding& operator=(const WorkerShedding&) = delete;

  void start();
  // Looks anew; whether accepting should pause. It goes on by Worker::look_for_room().
  bool must_not_accept();
  void count_accept_pause() { metrics_.accept_pauses.add(); }

 private:
  void on_turn_end() override;
  void on_memory_short() override;
  void tick();
  void look_at_delay(std::uint64_t late_ms);
  void look();
  void keep_spare_memory();
  void close_idle();
  void close_idle_clients(std::size_t left);
  void shed_heaviest();
  void measure();

  Worker& worker_;
  Overload& overload_;
  WorkerMetrics& metrics_;
  event::Timer timer_;
  std::uint64_t due_ms_ = 0;
  LoopDelay delay_;
  RecentMaximum longest_round_;  // of the loop, in microseconds
  bool spares_ = true;           // memory is kept for reuse
  bool gave_all_ = false;        // the last time there was not enough to shed here
};

}  // namespace weir::server
