#pragma once

#include <memory>
#include <span>
#include <string>

#include "config/diagnostics.h"
#include "config/interpolate.h"
#include "config/sources.h"
#include "core/base/state_registry.h"
#include "core/filter/registry.h"
#include "core/server/snapshot.h"

namespace weir::config {

// What reading one configuration came to. Any thread, one at a time.
struct Loading {
  Sources sources;
  Diagnostics diagnostics;
  std::unique_ptr<server::Snapshot> snapshot;  // null when there is an error
  bool unreadable = false;                     // the file itself

  // What its filters keep over reloads is shared in `states`.
  explicit Loading(StateRegistry& states) : states_(states) {}
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  // Reads the file at `path` with everything that it names, and builds its Snapshot. Once.
  void load_file(const std::string& path, const Environment& environment,
                 std::span<const filter::FilterType> filters);
  // The same of a text that stands in for the file `name`.
  void load_text(std::string name, std::string text, const Environment& environment,
                 std::span<const filter::FilterType> filters);

 private:
  void load(std::uint32_t source, const Environment& environment,
            std::span<const filter::FilterType> filters);

  StateRegistry& states_;
};

}  // namespace weir::config
