#include "core/server/metrics_registry.h"

#include <algorithm>
#include <array>
#include <deque>
#include <span>
#include <string_view>

#include "core/server/metrics_text.h"

namespace weir::server {
namespace {

struct CellLabel {
  std::string_view key;
  std::string_view (*value_of)(std::size_t cell);
};

CellLabel label_of(const StatusCounters&) {
  return {"class", status_class_name};
}
CellLabel label_of(const ReasonCounters&) {
  return {"reason", [](std::size_t cell) { return filter::reasons()[cell].code; }};
}

// Family by family, as the format wants it, over the sums of all objects of a kind.
template <typename Block>
class BlockWriter {
 public:
  BlockWriter(MetricsText& text, std::string_view key, const MetricsTable<Block>& table)
      : text_(text) {
    table.each([&](std::string_view name) -> Block& {
      Row& row = rows_.emplace_back();
      row.labels = MetricsText::label(key, name);
      return row.sum;
    });
    Block::families(*this);
  }

  void operator()(const MetricFamily& family, Counter Block::*cell) const {
    text_.family(family.name, family.help, "counter");
    for (const Row& row : rows_) text_.sample(row.labels, (row.sum.*cell).value());
  }
  void operator()(const MetricFamily& family, Gauge Block::*cell) const {
    text_.family(family.name, family.help, "gauge");
    for (const Row& row : rows_) text_.sample(row.labels, (row.sum.*cell).value());
  }
  void operator()(const MetricFamily& family, Histogram Block::*cell) const {
    text_.family(family.name, family.help, "histogram");
    for (const Row& row : rows_) text_.sample(row.labels, row.sum.*cell);
  }
  template <typename Owner, std::size_t kSize>
  void operator()(const MetricFamily& family, std::array<Counter, kSize> Owner::*cells) const {
    text_.family(family.name, family.help, "counter");
    std::string labels;
    for (const Row& row : rows_) {
      const CellLabel label = label_of(row.sum.*cells);
      for (std::size_t i = 0; i < kSize; ++i) {
        labels = row.labels;
        (((labels += ',') += label.key) += "=\"") += label.value_of(i);
        labels += '"';
        text_.sample(labels, (row.sum.*cells)[i].value());
      }
    }
  }

 private:
  struct Row {
    std::string labels;
    Block sum;
  };

  MetricsText& text_;
  std::deque<Row> rows_;
};

void write_process(MetricsText& text, const ProcessMetrics& process) {
  text.family("weir_info", "Always 1; the version is a label.", "gauge");
  text.sample(MetricsText::label("version", process.version), std::uint64_t{1});
  text.family("weir_uptime_seconds", "Time since the process began.", "gauge");
  text.sample_seconds("", process.uptime_us);
  text.family("weir_snapshot_version", "The configuration that is active.", "gauge");
  text.sample("", process.snapshot);
  text.family("weir_reloads_total", "Attempts to load a configuration.", "counter");
  text.sample("result=\"ok\"", process.reloads_ok);
  text.sample("result=\"failed\"", process.reloads_failed);
  text.sample("result=\"rolled_back\"", process.reloads_rolled_back);
  text.family("weir_state_file_errors_total", "Attempts to write state_file that failed.",
              "counter");
  text.sample("", process.state_file_errors);
  text.family("weir_operational_log_lines_dropped_total", "Messages that the log did not take.",
              "counter");
  text.sample("", process.operational_lines_dropped);
  text.family("weir_operational_log_errors_total",
              "Times that the log could not be written, or opened again.", "counter");
  text.sample("", process.operational_errors);

  const auto by_log = [&](std::uint64_t ProcessMetrics::Log::*number) {
    for (const auto& [name, log] : process.logs) {
      text.sample(MetricsText::label("log", name), log.*number);
    }
  };
  text.family("weir_access_log_lines_written_total", "Lines written.", "counter");
  by_log(&ProcessMetrics::Log::written);
  text.family("weir_access_log_lines_dropped_total", "Lines lost: no room, or not writable.",
              "counter");
  by_log(&ProcessMetrics::Log::dropped);
  text.family("weir_access_log_write_errors_total", "Writes that failed.", "counter");
  by_log(&ProcessMetrics::Log::write_errors);
}

using Workers = std::span<const std::unique_ptr<WorkerMetrics>>;

void write_resources(MetricsText& text, const ProcessMetrics& process, Workers workers) {
  const auto amount = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    if (value == Overload::kNoLimit) return;
    text.family(name, help, "gauge");
    text.sample("", value);
  };
  amount("weir_memory_bytes", "Held for buffers and streams.", process.memory.used);
  amount("weir_memory_limit_bytes", "What overload.memory lets them.", process.memory.limit);
  amount("weir_descriptors_open", "Descriptors that are open.", process.descriptors.used);
  amount("weir_descriptors_limit", "What overload.descriptors lets be open.",
         process.descriptors.limit);
  text.family("weir_pressure",
              "0; 1 from 80 % of a limit: nothing idles; 2 from 95 %: nothing new.", "gauge");
  const auto pressure = [&](std::string_view resource, std::int64_t value) {
    text.sample(MetricsText::label("resource", resource), value);
  };
  pressure("memory", static_cast<std::int64_t>(process.memory.pressure));
  pressure("descriptors", static_cast<std::int64_t>(process.descriptors.pressure));
  std::int64_t latest = 0;
  for (const auto& worker : workers) latest = std::max(latest, worker->loop_pressure.value());
  pressure("loop_delay", latest);
}

void write_workers(MetricsText& text, Workers workers) {
  const auto by_worker = [&](auto sample) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      sample(MetricsText::label("worker", std::to_string(i)), *workers[i]);
    }
  };
  const auto numbers = [&](std::string_view name, std::string_view help, std::string_view type,
                           auto WorkerMetrics::*cell) {
    text.family(name, help, type);
    by_worker([&](const std::string& labels, const WorkerMetrics& worker) {
      text.sample(labels, (worker.*cell).value());
    });
  };
  text.family("weir_worker_loop_delay_seconds", "How late events are handled, smoothed.", "gauge");
  by_worker([&](const std::string& labels, const WorkerMetrics& worker) {
    text.sample_seconds(labels, worker.loop_delay_us.value());
  });
  text.family("weir_worker_loop_delay_longest_seconds",
              "For how long an event may have waited, in the last ten seconds at least.", "gauge");
  by_worker([&](const std::string& labels, const WorkerMetrics& worker) {
    text.sample_seconds(labels, worker.loop_longest_us.value());
  });
  using M = WorkerMetrics;
  numbers("weir_worker_loop_pressure", "As weir_pressure, by the delay of the loop.", "gauge",
          &M::loop_pressure);
  numbers("weir_worker_pressure", "The worst of all, which says what the worker sheds.", "gauge",
          &M::pressure);
  numbers("weir_worker_block_bytes", "Memory of blocks in use.", "gauge", &M::block_bytes);
  numbers("weir_worker_memory_bytes", "Its part of weir_memory_bytes.", "gauge", &M::memory_bytes);
  numbers("weir_overload_accept_pauses_total", "Times that overload stopped accepting.", "counter",
          &M::accept_pauses);
  numbers("weir_overload_idle_closed_total", "Idle connections of clients that were closed.",
          "counter", &M::idle_closed);
  numbers("weir_overload_pooled_closed_total", "Idle connections to endpoints that were closed.",
          "counter", &M::pooled_closed);
  numbers("weir_overload_reset_total", "Connections that were reset for the memory they held.",
          "counter", &M::shed);
}

}  // namespace

std::string_view status_class_name(std::size_t status_class) {
  static constexpr std::array<std::string_view, 6> kNames{"none", "1xx", "2xx",
                                                          "3xx",  "4xx", "5xx"};
  return kNames[status_class];
}

MetricsRegistry::MetricsRegistry(std::size_t workers) : listeners_(workers), clusters_(workers) {
  for (std::size_t i = 0; i < workers; ++i) workers_.push_back(std::make_unique<WorkerMetrics>());
}

std::string MetricsRegistry::render() const {
  MetricsText text;
  text.reserve(8192 + listeners_.size() * 6144 + clusters_.size() * 8192);
  write_process(text, process_);
  write_resources(text, process_, workers_);
  write_workers(text, workers_);

  BlockWriter<ListenerMetrics>(text, "listener", listeners_);
  BlockWriter<ClusterMetrics>(text, "cluster", clusters_);
  return text.take();
}

}  // namespace weir::server
