#pragma once

#include <cstdint>
#include <utility>

#include "config/build/config_input.h"
#include "core/base/state_registry.h"
#include "core/server/snapshot_source.h"

namespace weir::config {

// Snapshots of a configuration, with the built-in filters and the environment of the process.
// Filters of one find again what those at the same path of another, which is still in use, have
// kept.
class ConfigSource final : public server::SnapshotSource {
 public:
  explicit ConfigSource(ConfigInput input) : input_(std::move(input)) {}

  server::LoadedSnapshot load(std::uint64_t number) override;

 private:
  const ConfigInput input_;
  StateRegistry states_;
};

}  // namespace weir::config
