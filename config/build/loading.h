#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "config/diagnostics.h"
#include "config/interpolate.h"
#include "config/layers.h"
#include "config/sources.h"
#include "core/base/state_registry.h"
#include "core/filter/registry.h"
#include "core/server/snapshot.h"

namespace weir::config {

// What reading one configuration came to. Any thread, one at a time.
struct Loading {
  Sources sources;
  Diagnostics diagnostics;
  Node merged;                                 // all layers in one; nothing when there is none
  std::unique_ptr<server::Snapshot> snapshot;  // null when there is an error
  bool unreadable = false;                     // a file or directory of those that were named

  // What its filters keep over reloads is shared in `states`.
  explicit Loading(StateRegistry& states) : states_(states) {}
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  // Reads the files and directories at `paths`, each a layer above those before, with everything
  // that they name, and builds the Snapshot of what they come to. Once.
  void load_files(std::span<const std::string> paths, const Environment& environment,
                  std::span<const filter::FilterType> filters);
  // The same of a text that stands in for the file `name`.
  void load_text(std::string name, std::string text, const Environment& environment,
                 std::span<const filter::FilterType> filters);

 private:
  using AddLayers = std::function<Result<void>(Layers& layers)>;
  void load(const AddLayers& add, const Environment& environment,
            std::span<const filter::FilterType> filters);

  StateRegistry& states_;
};

}  // namespace weir::config
