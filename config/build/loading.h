#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/build/config_input.h"
#include "config/build/filter_types.h"
#include "config/build/scope.h"
#include "config/build/verdict.h"
#include "config/diagnostics.h"
#include "config/interpolate.h"
#include "config/layers.h"
#include "config/merge.h"
#include "config/model/request_test.h"
#include "config/sources.h"
#include "core/base/files_read.h"
#include "core/base/state_registry.h"
#include "core/filter/registry.h"
#include "core/server/snapshot.h"

namespace weir::config {

// What reading one configuration came to. Any thread, one at a time.
struct Loading {
  Sources sources;
  Diagnostics diagnostics;
  Node merged;                                 // all layers in one; nothing when one is broken
  std::unique_ptr<server::Snapshot> snapshot;  // null when there is an error
  std::vector<model::RequestTest> tests;       // that it brings along
  FilesRead files;                             // that it was read from, or tried to be
  // That it asked for, and what they were; nothing for those that are not set.
  Variables variables;
  bool unreadable = false;  // a file or directory of those that were named

  bool offline = false;          // see Reading::set_offline()
  Pipes pipes = Pipes::Awaited;  // among the files that are named; no others are read
  bool surroundings = false;     // whether the machine is looked at too, as a start would
  // Called when a layer was put over the others, with its source.
  std::function<void(std::uint32_t source)> after_layer;
  // Called with what was built, and of what some lacks; not when values may lack.
  std::function<void(const server::Snapshot& built, const Gaps& gaps)> after_build;

  // What its filters keep over reloads is shared in `states`.
  explicit Loading(StateRegistry& states) : states_(states) {}
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  // What values of `merged` are read with. While this lives.
  Environment environment() const;
  // Says that it could not be read, and why.
  void fail(const Error& error);
  // With `strict`, warnings are faults.
  Verdict verdict(bool strict) const;

  // `below` with the variables of the file at `path`; what is wrong with its lines is reported, and
  // what may be a variable there is then as what is not here. Nothing when it cannot be read, which
  // was reported.
  std::optional<Environment> environment_of_file(const std::string& path, Environment below);
  // Reads the layers, with everything that they name, and builds the Snapshot of what they come to.
  // Once.
  void load_files(const ConfigInput& input, std::span<const filter::FilterType> filters);
  // The same with other variables and files than the process has.
  void load_files(const ConfigInput& input, const Environment& environment,
                  std::span<const filter::FilterType> filters);
  // The same of texts alone.
  using Text = ConfigText;
  void load_texts(std::span<const Text> layers, std::span<const std::string> sets,
                  const Environment& environment, std::span<const filter::FilterType> filters);

 private:
  // False when one that was named could not be read, which was reported.
  using AddLayers = std::function<bool(Layers& layers)>;
  bool add_layers(const ConfigInput& input, Layers& layers);
  void only_parse(const ConfigInput& input);
  Layers::Limits limits() const;
  void load(const AddLayers& add, std::span<const std::string> sets, const Environment& environment,
            std::span<const filter::FilterType> filters);
  // Null when there is nothing to build from.
  std::unique_ptr<server::Snapshot> build(const AddLayers& add, std::span<const std::string> sets,
                                          const FilterTypes& types, Reading& reading);
  bool merge(const AddLayers& add, std::span<const std::string> sets, const FilterSchema& filters,
             Reading& reading);
  void set(const std::string& text, const FilterSchema& filters, Merger& merger, Reading& reading);

  StateRegistry& states_;
  bool lacks_variables_ = false;  // some may be in lines that are none
};

}  // namespace weir::config
