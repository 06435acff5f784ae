#include "config/build/loading.h"

#include <utility>

#include "config/build/snapshot_builder.h"
#include "config/build/surroundings.h"
#include "config/build/written_files.h"
#include "config/env_file.h"
#include "config/set_layer.h"

namespace weir::config {

void Loading::fail(const Error& error) {
  unreadable = unreadable || error.origin == ErrorOrigin::System;
  diagnostics.error({}, {}, error.message);
}

Verdict Loading::verdict(bool strict) const {
  if (unreadable) return Verdict::Unreadable;
  const bool sound = diagnostics.ok() && !(strict && diagnostics.warnings() > 0);
  return sound ? Verdict::Sound : Verdict::AtFault;
}

namespace {

// The environment of the process, and over it `variables`, which stay.
Environment environment_below(const Variables& variables) {
  Environment environment = process_environment();
  environment.variable = [&variables, process = std::move(environment.variable)](
                             std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? process(name) : found->second;
  };
  return environment;
}

}  // namespace

void Loading::load_files(const ConfigInput& input, std::span<const filter::FilterType> filters) {
  Environment environment = environment_below(input.variables);
  if (!input.env.empty()) {
    auto with_file = environment_of_file(input.env, std::move(environment));
    if (!with_file) return only_parse(input);
    environment = *std::move(with_file);
  }
  load_files(input, environment, filters);
}

// What stands in its lines may be secret, so that none is shown.
std::optional<Environment> Loading::environment_of_file(const std::string& path,
                                                        Environment below) {
  files.add(path);
  std::vector<EnvProblem> problems;
  auto with_file = environment_with(path, problems, std::move(below));
  if (!with_file) {
    fail(with_file.error());
    return std::nullopt;
  }
  if (problems.empty()) return *std::move(with_file);
  const std::uint32_t source = sources.add(path, {});
  for (EnvProblem& problem : problems) {
    lacks_variables_ = lacks_variables_ || problem.lost;
    diagnostics.error({source, problem.line, problem.column}, {}, std::move(problem.message));
  }
  return *std::move(with_file);
}

Environment Loading::environment() const {
  return environment_below(variables);
}

// Without its variables it is still seen what is no YAML.
void Loading::only_parse(const ConfigInput& input) {
  Diagnostics found;
  Interpolator interpolator(sources, process_environment());
  Reading reading(found, interpolator);
  reading.set_offline(true);
  Layers layers(sources, reading, limits());
  add_layers(input, layers);
  files.append(layers.files());
  for (Diagnostic& one : found.sorted()) {
    if (one.severity == Severity::Error) diagnostics.add(std::move(one));
  }
}

// All of them, so that what is wrong with each is told.
bool Loading::add_layers(const ConfigInput& input, Layers& layers) {
  bool good = true;
  for (const std::string& path : input.paths) {
    const Result<void> added = layers.add(path);
    if (!added) fail(added.error());
    good = good && added.has_value();
    if (layers.full()) break;
  }
  for (const Text& text : input.texts) layers.add_source(sources.add(text.name, text.text));
  return good;
}

Layers::Limits Loading::limits() const {
  Layers::Limits limits;
  limits.pipes = pipes;
  return limits;
}

void Loading::load_files(const ConfigInput& input, const Environment& environment,
                         std::span<const filter::FilterType> filters) {
  const auto add = [&](Layers& layers) { return add_layers(input, layers); };
  load(add, input.sets, environment, filters);
}

void Loading::load_texts(std::span<const Text> texts, std::span<const std::string> sets,
                         const Environment& environment,
                         std::span<const filter::FilterType> filters) {
  const auto add = [&](Layers& layers) {
    for (const Text& text : texts) layers.add_source(sources.add(text.name, text.text));
    return true;
  };
  load(add, sets, environment, filters);
}

void Loading::load(const AddLayers& add, std::span<const std::string> sets,
                   const Environment& environment, std::span<const filter::FilterType> filters) {
  Environment noted = environment;
  noted.variable = [&](std::string_view name) {
    return variables.try_emplace(std::string(name), environment.variable(name)).first->second;
  };
  noted.file = [&](const std::string& path) {
    auto content = environment.file(path);
    if (content) variables.try_emplace(name_of_file(path), mark_of(*content));
    return content;
  };
  Interpolator interpolator(sources, noted);
  Reading reading(diagnostics, interpolator);
  reading.set_offline(offline || lacks_variables_);
  const FilterTypes types(filters);
  auto built = build(add, sets, types, reading);
  files.append(interpolator.files());
  // Without all values it is not what would run.
  if (built == nullptr || offline || !diagnostics.ok()) return;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    if (sources.is_file(i)) built->files.push_back(sources.name(i));
  }
  for (const FilesRead::File& file : interpolator.files().files())
    built->files.push_back(file.path);
  snapshot = std::move(built);
}

std::unique_ptr<server::Snapshot> Loading::build(const AddLayers& add,
                                                 std::span<const std::string> sets,
                                                 const FilterTypes& types, Reading& reading) {
  if (!merge(add, sets, types.schema(), reading)) return nullptr;
  model::File file;
  config::read(merged, file, reading);
  SnapshotBuilder builder(file, sources, types, states_, reading);
  auto built = builder.build();
  tests = std::move(file.tests);
  if (after_build && !reading.offline()) after_build(*built, builder.gaps());
  FilesRead read = files;
  read.append(reading.files());
  check_written_files(file, sources, read, reading);
  if (surroundings) check_surroundings(file, sources, reading);
  diagnostics.finish();
  return built;
}

bool Loading::merge(const AddLayers& add, std::span<const std::string> sets,
                    const FilterSchema& filters, Reading& reading) {
  Layers layers(sources, reading, limits());
  const bool added = add(layers);
  files.append(layers.files());
  if (!added || !layers.complete()) return false;
  Merger merger(filters, reading);
  merged = Node::map(layers.list().empty() ? Position() : layers.list().front().tree.where());
  for (Layers::Layer& layer : layers.list()) {
    merger.set_equals(layers.equals(layer));
    merger.merge(type_info<model::File>(), merged, std::move(layer.tree));
    if (after_layer) after_layer(layer.source);
  }
  merger.set_equals({});
  for (const std::string& text : sets) set(text, filters, merger, reading);
  model::File::settle(merged, filters, diagnostics);
  return true;
}

void Loading::set(const std::string& text, const FilterSchema& filters, Merger& merger,
                  Reading& reading) {
  const Result<Assignment> assignment = parse_assignment(text);
  if (!assignment) {
    diagnostics.error({}, {}, assignment.error().message);
    return;
  }
  const ValueSchema schema{type_info<model::File>(), kNoRules};
  auto layer = make_set_layer(*assignment, filters, schema, merged, sources, reading);
  if (!layer) return;
  const std::uint32_t source = layer->where().source;
  merger.merge(schema.type, merged, *std::move(layer));
  if (after_layer) after_layer(source);
}

}  // namespace weir::config
