#pragma once

#include <array>
#include <cstdint>

namespace weir::server {

// Writes "2026-11-22T11:51:09.123456Z" (27 bytes), and remembers the second it wrote last. One of
// each lane; not thread-safe.
class LogTime {
 public:
  static constexpr std::size_t kSize = 27;

  // `us` since 1970, UTC; at most the year 9999. Returns the new end.
  char* append(char* to, std::int64_t us);

 private:
  void write_second(std::int64_t second);

  std::int64_t second_ = INT64_MIN;
  std::array<char, 20> text_{};  // up to and with the point
};

}  // namespace weir::server
