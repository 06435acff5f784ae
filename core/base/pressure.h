#pragma once

#include <cstdint>

namespace weir {

// How near a resource is to its limit, and with it how much load is shed.
enum class Pressure : std::uint8_t {
  None,
  High,      // from 80 %: what idles ends, and nothing is kept alive
  Critical,  // from 95 %: nothing new is begun
};

// The pressure at `use` of `limit` when it was `before`. It ends 5 % below where it begins, so that
// it does not change with every request.
constexpr Pressure pressure_at(double use, double limit, Pressure before) {
  const double part = use / limit;
  if (part >= 0.95 || (before == Pressure::Critical && part >= 0.90)) return Pressure::Critical;
  if (part >= 0.80 || (before != Pressure::None && part >= 0.75)) return Pressure::High;
  return Pressure::None;
}

}  // namespace weir
