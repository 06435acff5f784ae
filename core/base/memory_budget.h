#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weir {

// How many bytes all reactors together may hold for traffic, and how many they do. Counted when
// memory is taken from the allocator and when it is given back there, not when it is used again.
// Any thread.
class MemoryBudget {
 public:
  static constexpr std::size_t kNoLimit = SIZE_MAX;

  MemoryBudget() = default;
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  void set_limit(std::size_t bytes) { limit_.store(bytes, std::memory_order_relaxed); }
  std::size_t limit() const { return limit_.load(std::memory_order_relaxed); }
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }

  void take(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  // Bytes that are left for what can wait, such as a read. The last 1/32 is for what cannot: the
  // answers to what was read.
  std::size_t room() const {
    const std::size_t most = limit() - limit() / 32;
    const std::size_t now = used();
    return now < most ? most - now : 0;
  }
  // Whether so little is left that memory must be freed at once: less than 5 %.
  bool short_of() const { return used() >= limit() - limit() / 20; }

 private:
  std::atomic<std::size_t> used_{0};
  std::atomic<std::size_t> limit_{kNoLimit};
};

}  // namespace weir
