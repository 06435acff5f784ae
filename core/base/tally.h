#pragma once

#include <atomic>
#include <cstdint>

namespace weir {

// A number that one thread writes and any thread reads: an add is a load, an addition and a store,
// without a locked instruction. A reader may see one of several tallies before another.
template <typename Number>
class Tally {
 public:
  void add(Number amount = 1) { set(value() + amount); }
  void set(Number value) { value_.store(value, std::memory_order_relaxed); }
  Number value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Number> value_{0};
};

// Only ever grows.
using Counter = Tally<std::uint64_t>;
// How many there are now. Those of several threads add up, so one of them may be negative.
using Gauge = Tally<std::int64_t>;

}  // namespace weir
