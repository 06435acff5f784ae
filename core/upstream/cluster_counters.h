#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "core/base/lazy.h"
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
  Counter mirrors_dropped;
  Counter bytes_in;   // from endpoints
  Counter bytes_out;  // to endpoints

  // Names each member once: visit({name, help}, member).
  template <typename Visit>
  static void families(Visit& visit) {
    using M = ClusterCounters;
    visit({"weir_cluster_responses_total", "Responses of endpoints by class of their status."},
          &M::responses);
    visit({"weir_cluster_attempts_total", "Attempts at endpoints, retries included."},
          &M::attempts);
    visit({"weir_cluster_retries_total", "Attempts after the first."}, &M::retries);
    visit({"weir_cluster_retry_budget_exhausted_total", "Retries forgone for want of budget."},
          &M::retry_budget_exhausted);
    visit({"weir_cluster_requests_active", "Requests at endpoints."}, &M::requests_active);
    visit({"weir_cluster_requests_queued", "Requests that wait for a slot."}, &M::queued);
    visit({"weir_cluster_queue_full_total", "Requests refused because the queue was full."},
          &M::queue_full);
    visit({"weir_cluster_queue_timeouts_total", "Requests that waited too long in the queue."},
          &M::queue_timeouts);
    visit({"weir_cluster_connections_open", "Connections to endpoints, idle ones included."},
          &M::connections_open);
    visit({"weir_cluster_connections_idle", "Connections to endpoints that wait for a request."},
          &M::connections_idle);
    visit({"weir_cluster_connections_opened_total", "Connections established."},
          &M::connections_opened);
    visit({"weir_cluster_connections_failed_total", "Connections refused or unreachable."},
          &M::connections_failed);
    visit({"weir_cluster_connect_timeouts_total", "Connections not established in time."},
          &M::connect_timeouts);
    visit({"weir_cluster_mirrors_dropped_total",
           "Copies of requests for it that were not sent: no slot or connection, or a large body."},
          &M::mirrors_dropped);
    visit({"weir_cluster_received_bytes_total", "Bytes from endpoints, heads included."},
          &M::bytes_in);
    visit({"weir_cluster_sent_bytes_total", "Bytes to endpoints, heads included."}, &M::bytes_out);
  }
};

// The counters of one cluster by reactor, made where something is counted.
class CountersByReactor {
 public:
  explicit CountersByReactor(std::size_t reactors)
      : size_(reactors), counters_(std::make_unique<Lazy<ClusterCounters>[]>(reactors)) {}

  ClusterCounters& of(std::size_t reactor) { return counters_[reactor].make(); }
  // Null where nothing is counted.
  const ClusterCounters* find(std::size_t reactor) const { return counters_[reactor].get(); }
  std::size_t size() const { return size_; }

 private:
  const std::size_t size_;
  const std::unique_ptr<Lazy<ClusterCounters>[]> counters_;
};

}  // namespace weir::upstream
