#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace weir {

// Random numbers for choices, jitter and ids: fast, evenly spread, and not for secrets
// (xoshiro256++). Not thread-safe.
class Random {
 public:
  // Every `seed` is good.
  explicit Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      // splitmix64, so that similar seeds have nothing in common.
      seed += 0x9e3779b97f4a7c15;
      std::uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
      word = mixed ^ (mixed >> 31);
    }
  }

  std::uint64_t next() {
    auto& [a, b, c, d] = state_;
    const std::uint64_t result = std::rotl(a + d, 23) + a;
    const std::uint64_t shifted = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = std::rotl(d, 45);
    return result;
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace weir
