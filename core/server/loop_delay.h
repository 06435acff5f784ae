#pragma once

#include <algorithm>
#include <chrono>

#include "core/base/pressure.h"

namespace weir::server {

// How late a loop runs, smoothed over about a second, and the pressure that comes of it. What one
// look adds is bounded: a single stall, however long, is no overload, a few in a row are.
class LoopDelay {
 public:
  // Between two looks.
  static constexpr std::uint64_t kIntervalMs = 100;

  // This look came `late_ms` late; `limit` of zero is none.
  void look(std::uint64_t late_ms, std::chrono::milliseconds limit) {
    auto late = static_cast<double>(late_ms);
    const auto most = static_cast<double>(limit.count());
    if (most > 0) late = std::min(late, 2 * most);
    ms_ += (late - ms_) / 4;
    pressure_ = most > 0 ? pressure_at(ms_, most, pressure_) : Pressure::None;
  }
  double ms() const { return ms_; }
  Pressure pressure() const { return pressure_; }

 private:
  double ms_ = 0;
  Pressure pressure_ = Pressure::None;
};

}  // namespace weir::server
