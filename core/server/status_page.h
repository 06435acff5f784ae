#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/server/admin_pages.h"
#include "core/server/event_log.h"
#include "core/server/override_effects.h"
#include "core/server/overrides.h"
#include "core/server/publisher.h"
#include "core/server/reloads.h"

namespace weir::server {

// What Weir tells of itself as a whole.
struct Status {
  struct WorkerRow {
    double loop_delay_ms = 0;
    std::int64_t block_bytes = 0;
  };

  Status(const Snapshot& s, const Reloads& r) : snapshot(s), reloads(r) {}

  const Snapshot& snapshot;
  const Reloads& reloads;
  bool draining = false;
  std::string version;
  std::int64_t uptime_ms = 0;
  std::uint64_t flags = 0;  // of the snapshot, that are on
  std::vector<WorkerRow> workers;
  std::vector<Publisher::Listening> listeners;
  std::size_t clusters = 0;
  std::size_t endpoints = 0;
  std::size_t eligible = 0;  // of those
  std::size_t overrides = 0;
  std::string state_trouble;     // why state_file was not written; empty when it was
  std::uint64_t log_errors = 0;  // of the operational log, since the start
  std::uint64_t log_lines_dropped = 0;
};

std::string status_page(const Status& status, PageFormat format);
// What came of a reload that left `snapshot` active; for tools, problems are counted and told as by
// `weir check --json`.
std::string reload_page(const Reloads::Outcome& outcome, std::uint64_t snapshot, PageFormat format);

// `now_ms` of the loop's clock.
std::string overrides_page(std::span<const Override* const> overrides,
                           const OverrideEffects& effects, std::uint64_t now_ms, PageFormat format);
// The same as a layer of a configuration. What no layer can say is in comments: of endpoints that
// come from DNS or left, why something was set, and that it ends.
std::string overrides_yaml(std::span<const Override* const> overrides,
                           const upstream::ClusterRegistry& clusters, std::uint64_t now_ms);

// Those at or after `since_us`.
std::string events_page(const std::deque<Event>& events, std::int64_t since_us, PageFormat format);

}  // namespace weir::server
