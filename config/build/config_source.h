#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/state_registry.h"
#include "core/server/snapshot_source.h"

namespace weir::config {

// Snapshots of a configuration, with the built-in filters and the environment of the process.
// Filters of one find again what those at the same path of another, which is still in use, have
// kept.
class ConfigSource final : public server::SnapshotSource {
 public:
  // Files and directories, lowest layer first.
  explicit ConfigSource(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  server::LoadedSnapshot load(std::uint64_t number) override;

 private:
  const std::vector<std::string> paths_;
  StateRegistry states_;
};

}  // namespace weir::config
