#pragma once

#include <atomic>
#include <cstdint>

namespace weir::server {

// Numbers that one thread writes and any thread reads: an add is a load, an addition and a store,
// without a locked instruction. A reader may see one number of a block before another.

// Only ever grows.
class Counter {
 public:
  void add(std::uint64_t amount = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// How many there are now. The blocks of several workers add up, so one of them may be negative.
class Gauge {
 public:
  void add(std::int64_t amount) { set(value() + amount); }
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

}  // namespace weir::server
