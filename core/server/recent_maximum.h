#pragma once

#include <algorithm>
#include <cstdint>

namespace weir::server {

// The greatest number of the last kWindowMs to twice that.
class RecentMaximum {
 public:
  static constexpr std::uint64_t kWindowMs = 10'000;

  void add(std::uint64_t number, std::uint64_t now_ms) {
    if (now_ms >= next_ms_) {
      before_ = now_ms >= next_ms_ + kWindowMs ? 0 : current_;
      current_ = 0;
      next_ms_ = now_ms + kWindowMs;
    }
    current_ = std::max(current_, number);
  }
  std::uint64_t value() const { return std::max(before_, current_); }

 private:
  std::uint64_t next_ms_ = 0;
  std::uint64_t current_ = 0;
  std::uint64_t before_ = 0;
};

}  // namespace weir::server
