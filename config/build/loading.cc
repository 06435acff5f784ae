#include "config/build/loading.h"

#include <utility>

#include "config/build/snapshot_builder.h"
#include "config/reader.h"

namespace weir::config {

void Loading::load_file(const std::string& path, const Environment& environment,
                        std::span<const filter::FilterType> filters) {
  const auto source = config::load_file(path, sources);
  if (source) {
    load(*source, environment, filters);
    return;
  }
  unreadable = true;
  diagnostics.error({}, {}, source.error().message);
}

void Loading::load_text(std::string name, std::string text, const Environment& environment,
                        std::span<const filter::FilterType> filters) {
  load(sources.add(std::move(name), std::move(text)), environment, filters);
}

void Loading::load(std::uint32_t source, const Environment& environment,
                   std::span<const filter::FilterType> filters) {
  const auto tree = read_yaml(sources, source, diagnostics);
  if (!tree) return;
  Interpolator interpolator(sources, environment);
  Reading reading(diagnostics, interpolator);
  model::File file;
  config::read(*tree, file, reading);
  const FilterTypes types(filters);
  auto built = SnapshotBuilder(file, sources, types, states_, reading).build();
  if (!diagnostics.ok()) return;
  built->files.push_back(sources.name(source));
  built->files.insert(built->files.end(), interpolator.files().begin(), interpolator.files().end());
  snapshot = std::move(built);
}

}  // namespace weir::config
