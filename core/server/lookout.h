#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/log_part.h"
#include "core/event/timer.h"
#include "core/server/event_log.h"
#include "core/server/overload.h"

namespace weir::server {

// Keeps events of what befalls the process without the control thread being told: overload, and
// lines of logs that are lost. They are few however much there is of it; the operational log has
// heard of it elsewhere. Control thread.
class Lookout {
 public:
  static constexpr std::uint64_t kIntervalMs = 1'000;
  // So many looks without pressure end an overload: what comes and goes is one.
  static constexpr unsigned kCalm = 10;
  // Looks, at least, from one event of lost lines to the next.
  static constexpr unsigned kRest = 10;

  // What one look finds.
  struct Found {
    struct Lost {
      LogPart part;
      std::string log;          // "access log main"
      std::uint64_t lines = 0;  // since the start
    };
    Overload::Worst worst{};  // since the last look
    std::vector<Lost> lost;
  };

  Lookout(EventLog& events, event::TimerWheel& timers, std::function<Found()> find);
  Lookout(const Lookout&) = delete;
  Lookout& operator=(const Lookout&) = delete;

  void start() { timer_.arm(kIntervalMs); }

 private:
  struct Episode {
    Pressure told = Pressure::None;
    unsigned calm = 0;           // looks since the last pressure
    std::uint64_t began_ms = 0;  // of the loop's clock
    std::uint64_t last_ms = 0;
  };
  struct Told {
    std::uint64_t lines = 0;
    unsigned rest = 0;  // looks that are left of it
  };

  void look();
  void look_at_pressure(std::string_view cause, Episode& episode, Pressure worst);
  void look_at_log(const Found::Lost& lost);

  EventLog& events_;
  event::TimerWheel& timers_;
  const std::function<Found()> find_;
  event::Timer timer_;
  std::array<Episode, Overload::kCauses.size()> episodes_;
  std::map<std::string, Told> told_;  // by log
};

}  // namespace weir::server
