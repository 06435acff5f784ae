#pragma once

#include <cstdint>
#include <string>

#include "core/base/state_registry.h"
#include "core/server/snapshot_source.h"

namespace weir::config {

// Snapshots of a file, with the built-in filters and the environment of the process. Filters of
// one find again what those at the same path of another, which is still in use, have kept.
class ConfigSource final : public server::SnapshotSource {
 public:
  explicit ConfigSource(std::string path) : path_(std::move(path)) {}

  server::LoadedSnapshot load(std::uint64_t number) override;

 private:
  const std::string path_;
  StateRegistry states_;
};

}  // namespace weir::config
