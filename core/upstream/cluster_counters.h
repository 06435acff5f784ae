#pragma once

#include <array>

#include "core/base/tally.h"

namespace weir::upstream {

// What one worker counts for one cluster; metrics are the sums over all workers.
struct alignas(64) ClusterCounters {
  std::array<Counter, 6> responses;  // of endpoints, by status class: [2] is 2xx; [0] is not used
  Counter attempts;                  // at endpoints, retries included
  Counter retries;
  Counter retry_budget_exhausted;
  Gauge requests_active;
  Gauge queued;
  Counter queue_full;
  Counter queue_timeouts;
  Gauge connections_open;
  Gauge connections_idle;
  Counter connections_opened;
  Counter connections_failed;
  Counter connect_timeouts;
  Counter bytes_in;   // from endpoints
  Counter bytes_out;  // to endpoints
};

}  // namespace weir::upstream
