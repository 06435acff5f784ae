#pragma once

#include <memory>

#include "core/event/generation.h"
#include "core/server/access_log.h"

namespace weir::server {

// One worker's way into one access log, flushed a moment after the first line that waits. Worker
// thread.
class WorkerLog {
 public:
  WorkerLog(event::Generation<AccessLog>& log, event::Reactor& reactor)
      : log_(log, reactor),
        lane_(log_->add_lane()),
        flush_(event::Timer::of<&WorkerLog::flush>(reactor.loop().timers(), this)) {}

  void on_exchange(const filter::ExchangeRecord& record) {
    lane_->on_exchange(record);
    if (!flush_.armed() && lane_->pending()) flush_.arm(LogLane::kFlushMs);
  }
  bool writes_to(const event::Generation<AccessLog>& log) const { return log_.get() == log.get(); }

  // Listeners that write to it; without any it may go.
  unsigned users = 0;

 private:
  void flush() {
    lane_->flush();
    if (lane_->pending()) flush_.arm(LogLane::kFlushMs);
  }

  event::Use<AccessLog> log_;  // before lane_, which ends before its log
  std::unique_ptr<LogLane> lane_;
  event::Timer flush_;
};

}  // namespace weir::server
