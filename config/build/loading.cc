#include "config/build/loading.h"

#include <utility>

#include "config/build/snapshot_builder.h"
#include "config/merge.h"

namespace weir::config {

void Loading::load_files(std::span<const std::string> paths, const Environment& environment,
                         std::span<const filter::FilterType> filters) {
  const auto add = [&](Layers& layers) -> Result<void> {
    for (const std::string& path : paths) WEIR_TRY_VOID(layers.add(path));
    return {};
  };
  load(add, environment, filters);
}

void Loading::load_text(std::string name, std::string text, const Environment& environment,
                        std::span<const filter::FilterType> filters) {
  const auto add = [&](Layers& layers) -> Result<void> {
    layers.add_source(sources.add(std::move(name), std::move(text)));
    return {};
  };
  load(add, environment, filters);
}

void Loading::load(const AddLayers& add, const Environment& environment,
                   std::span<const filter::FilterType> filters) {
  Interpolator interpolator(sources, environment);
  Reading reading(diagnostics, interpolator);
  Layers layers(sources, reading);
  if (const Result<void> added = add(layers); !added) {
    unreadable = added.error().origin == ErrorOrigin::System;
    diagnostics.error({}, {}, added.error().message);
    return;
  }
  if (!layers.complete()) return;
  const FilterTypes types(filters);
  const FilterSchema schema = types.schema();
  Merger merger(schema, reading);
  merged = Node::map(layers.list().front().tree.where());
  for (Layers::Layer& layer : layers.list()) {
    merger.set_equals(layers.equals(layer));
    merger.merge(type_info<model::File>(), merged, std::move(layer.tree));
  }
  model::File file;
  config::read(merged, file, reading);
  auto built = SnapshotBuilder(file, sources, types, states_, reading).build();
  if (!diagnostics.ok()) return;
  for (std::uint32_t i = 0; i < sources.size(); ++i) built->files.push_back(sources.name(i));
  built->files.insert(built->files.end(), interpolator.files().begin(), interpolator.files().end());
  snapshot = std::move(built);
}

}  // namespace weir::config
