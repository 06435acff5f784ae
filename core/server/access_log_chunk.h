#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/server/log_format.h"

namespace weir::server {

// Whole lines on their way from one worker to the writer of a log.
struct LogChunk {
  // From here on it is handed over; a line that begins below still fits.
  static constexpr std::size_t kFull = 112 * 1024;

  std::size_t size = 0;
  std::uint64_t lines = 0;
  std::array<char, kFull + LogFormat::kMaxLine> bytes;

  bool full() const { return size >= kFull; }
  std::string_view view() const { return {bytes.data(), size}; }
  void clear() { size = lines = 0; }
};

}  // namespace weir::server
