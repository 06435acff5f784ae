#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/tally.h"
#include "core/filter/exchange_record.h"
#include "core/filter/reason.h"
#include "core/server/histogram.h"
#include "core/upstream/cluster_counters.h"

namespace weir::server {

// One metric of a block. families() of a block names each of its members once: folding and
// rendering both go by that list.
struct MetricFamily {
  std::string_view name;
  std::string_view help;
};

// Counters of one family by status class: none (no status), 1xx … 5xx.
using StatusCounters = std::array<Counter, 6>;
inline constexpr std::size_t status_class(std::uint16_t status) {
  return status < 600 ? status / 100u : 0;
}
std::string_view status_class_name(std::size_t status_class);

using ReasonCounters = std::array<Counter, static_cast<std::size_t>(filter::Reason::kCount)>;

// What one worker counts for one listener.
struct alignas(64) ListenerMetrics {
  Counter accepted;
  Gauge open;
  Counter refused;  // closed without a chain
  Counter closed;
  Counter accept_pauses;  // no descriptors, the listener is full, or load is shed
  Counter bytes_in;
  Counter bytes_out;
  StatusCounters requests;
  ReasonCounters reasons;
  Histogram duration;

  // Counts an exchange that ended: requests, reasons, bytes and duration.
  void on_exchange(const filter::ExchangeRecord& record) {
    requests[status_class(record.status)].add();
    reasons[static_cast<std::size_t>(record.why)].add();
    bytes_in.add(record.bytes_in);
    bytes_out.add(record.bytes_out);
    duration.observe(record.us.total);
  }

  template <typename Visit>
  static void families(Visit& visit) {
    using M = ListenerMetrics;
    visit({"weir_listener_connections_accepted_total", "Connections accepted."}, &M::accepted);
    visit({"weir_listener_connections_open", "Connections that are open."}, &M::open);
    visit(
        {"weir_listener_connections_refused_total", "Connections closed before they had a chain."},
        &M::refused);
    visit({"weir_listener_connections_closed_total", "Connections that ended."}, &M::closed);
    visit({"weir_listener_accept_pauses_total", "Times that accepting stopped for a while."},
          &M::accept_pauses);
    visit({"weir_listener_received_bytes_total", "Bytes from clients, heads included."},
          &M::bytes_in);
    visit({"weir_listener_sent_bytes_total", "Bytes to clients, heads included."}, &M::bytes_out);
    visit({"weir_listener_requests_total", "Exchanges by class of the status sent."}, &M::requests);
    visit({"weir_listener_ended_total", "Exchanges by the reason for their end."}, &M::reasons);
    visit({"weir_listener_request_duration_seconds", "First byte of the head to the end."},
          &M::duration);
  }
};

// One cluster on one worker: what it counted, as ClusterCounts carries it over, and latencies.
struct alignas(64) ClusterMetrics : upstream::ClusterCounters {
  Histogram first_byte;
  Histogram duration;

  template <typename Visit>
  static void families(Visit& visit) {
    using M = ClusterMetrics;
    ClusterCounters::families(visit);
    visit({"weir_cluster_first_byte_seconds", "Request sent to response head."}, &M::first_byte);
    visit({"weir_cluster_request_duration_seconds", "Request at the cluster to its end."},
          &M::duration);
  }
};

// What one reactor says about itself.
struct alignas(64) WorkerMetrics {
  Gauge loop_delay_us;
  Gauge loop_longest_us;  // of the last ten seconds at least
  Gauge loop_pressure;    // a Pressure, that of the loop alone
  Gauge pressure;         // the worst of all
  Gauge block_bytes;
  Gauge memory_bytes;  // of the memory budget
  Counter accept_pauses;
  Counter idle_closed;    // of clients
  Counter pooled_closed;  // of endpoints
  Counter shed;           // connections reset for what they held
};

}  // namespace weir::server
