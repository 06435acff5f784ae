#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace weir::upstream {

// A number that one thread writes and any thread reads.
class Tally {
 public:
  void add(std::int64_t amount = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// What one worker counts for one cluster; metrics are the sums over all workers. What is open,
// idle, active or queued now goes up and down, all else only up.
struct alignas(64) ClusterCounters {
  std::array<Tally, 6> responses;  // of endpoints, by status class: [2] is 2xx; [0] is not used
  Tally attempts;                  // at endpoints, retries included
  Tally retries;
  Tally retry_budget_exhausted;
  Tally requests_active;
  Tally queued;
  Tally queue_full;
  Tally queue_timeouts;
  Tally connections_open;
  Tally connections_idle;
  Tally connections_opened;
  Tally connections_failed;
  Tally connect_timeouts;
  Tally bytes_in;   // from endpoints
  Tally bytes_out;  // to endpoints
};

}  // namespace weir::upstream
