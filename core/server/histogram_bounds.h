#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace weir::server {

// The fixed bounds between which latencies are counted: ten per power of ten from 50 us to 120 s,
// so that a quantile is right to within a third. In microseconds, inclusive, ascending.
inline constexpr std::array<std::uint32_t, 65> kLatencyBounds = [] {
  constexpr std::uint32_t kSteps[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
  std::array<std::uint32_t, 65> all{};
  std::size_t size = 0;
  for (std::uint32_t ten = 1; ten <= 10'000'000; ten *= 10) {
    for (const std::uint32_t step : kSteps) {
      if (step * ten >= 50 && step * ten <= 120'000'000) all[size++] = step * ten;
    }
  }
  return all;
}();
static_assert(kLatencyBounds.front() == 50 && kLatencyBounds.back() == 120'000'000);

// One more bucket than bounds: the last is for what is over all of them.
inline constexpr std::size_t kLatencyBuckets = kLatencyBounds.size() + 1;

// Each power of two from 32 us is cut in eight cells. No cell holds two bounds, so a table tells
// the first bucket of a cell, and one comparison finds the bucket.
class LatencyCells {
 public:
  static constexpr unsigned kFirstPower = 5;
  static constexpr unsigned kLastPower = 26;

  static constexpr std::size_t bucket_of(std::uint64_t us) {
    if (us < 1u << kFirstPower) return 0;
    const unsigned power = static_cast<unsigned>(std::bit_width(us)) - 1;
    if (power > kLastPower) return kLatencyBounds.size();
    const std::size_t first = kFirst[(power - kFirstPower) * 8 + ((us >> (power - 3)) & 7)];
    return first + (first < kLatencyBounds.size() && us > kLatencyBounds[first] ? 1 : 0);
  }

 private:
  static constexpr std::array<std::uint8_t, (kLastPower - kFirstPower + 1)* 8> kFirst = [] {
    std::array<std::uint8_t, (kLastPower - kFirstPower + 1) * 8> all{};
    std::uint8_t bucket = 0;
    for (std::size_t cell = 0; cell < all.size(); ++cell) {
      const std::uint64_t lowest = (8 + cell % 8) << (cell / 8 + kFirstPower - 3);
      while (bucket < kLatencyBounds.size() && kLatencyBounds[bucket] < lowest) ++bucket;
      all[cell] = bucket;
    }
    return all;
  }();
};

}  // namespace weir::server
