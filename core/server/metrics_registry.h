#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/server/metrics_blocks.h"
#include "core/server/metrics_table.h"
#include "core/server/overload.h"

namespace weir::server {

// What the control thread knows of the process; it fills this in before it renders.
struct ProcessMetrics {
  struct Log {
    std::uint64_t written = 0;  // lines
    std::uint64_t dropped = 0;
    std::uint64_t write_errors = 0;
  };

  std::string version;
  std::int64_t uptime_us = 0;
  std::uint64_t snapshot = 0;
  std::uint64_t reloads_ok = 0;
  std::uint64_t reloads_failed = 0;
  std::uint64_t reloads_rolled_back = 0;
  std::uint64_t state_file_errors = 0;
  std::uint64_t operational_lines_dropped = 0;
  std::uint64_t operational_errors = 0;
  ResourceUse memory;
  ResourceUse descriptors;
  std::map<std::string, Log> logs;  // access logs by name
};

// All metrics. Belongs to the control thread; the blocks it hands out belong to one worker each.
class MetricsRegistry {
 public:
  explicit MetricsRegistry(std::size_t workers);

  MetricsTable<ListenerMetrics>& listeners() { return listeners_; }
  MetricsTable<ClusterMetrics>& clusters() { return clusters_; }
  WorkerMetrics& worker(std::size_t index) { return *workers_[index]; }
  ProcessMetrics& process() { return process_; }

  // Everything as MetricsText.
  std::string render() const;

 private:
  MetricsTable<ListenerMetrics> listeners_;
  MetricsTable<ClusterMetrics> clusters_;
  std::vector<std::unique_ptr<WorkerMetrics>> workers_;
  ProcessMetrics process_;
};

}  // namespace weir::server
