#pragma once

#include <compare>
#include <cstdint>

namespace weir::config {

// Where something was written. Small enough to keep beside every value.
struct Position {
  static constexpr std::uint32_t kNoSource = UINT32_MAX;

  std::uint32_t source = kNoSource;  // index into Sources
  std::uint32_t line = 0;            // from 1; 0 is the source as a whole
  std::uint32_t column = 0;          // from 1, in bytes; 0 is the line as a whole

  bool known() const { return source != kNoSource; }
  friend auto operator<=>(const Position&, const Position&) = default;
};

}  // namespace weir::config
