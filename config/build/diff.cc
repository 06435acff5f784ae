#include "config/build/diff.h"

#include <nlohmann/json.hpp>

#include "config/anchor.h"
#include "config/build/filter_types.h"
#include "config/build/loading.h"
#include "config/diff.h"
#include "config/model/file.h"
#include "config/secrets.h"
#include "filters/builtin.h"

namespace weir::config {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::Added:
      return "added";
    case Difference::Kind::Removed:
      return "removed";
    case Difference::Kind::Changed:
      return "changed";
    case Difference::Kind::Moved:
      return "moved";
  }
  return "";
}

std::string text_of(const Difference& one, const std::string& place) {
  constexpr std::string_view kSigns = "+-~^";
  std::string line{kSigns[static_cast<std::size_t>(one.kind)]};
  line += " " + one.path;
  const std::string& value = one.kind == Difference::Kind::Removed ? one.before : one.after;
  if (one.kind == Difference::Kind::Changed) {
    line += ": " + one.before + " -> " + one.after;
  } else if (one.kind == Difference::Kind::Moved) {
    line += ": stands elsewhere";
  } else if (!value.empty()) {
    line += ": " + value;
  }
  if (one.other_values) line += " (the values of its variables)";
  if (one.other_content) line += " (what is in the file)";
  if (!one.waits_for.empty()) line += " (waits for " + std::string(one.waits_for) + ")";
  return line + "  " + place + "\n";
}

Json json_of(const Difference& one, const std::string& place) {
  Json json = {{"kind", word(one.kind)}, {"path", one.path}};
  if (!one.before.empty()) json["before"] = one.before;
  if (!one.after.empty()) json["after"] = one.after;
  if (one.other_values) json["other_values"] = true;
  if (one.other_content) json["other_content"] = true;
  if (!one.waits_for.empty()) json["waits_for"] = one.waits_for;
  json["where"] = place;
  return json;
}

// With a file counting as another one when it is not as `input` says that it was read.
Environment environment_of(const Loading& loading, const ConfigInput& input) {
  Environment environment = loading.environment();
  environment.file = [read = environment.file, &input](const std::string& path) {
    auto content = read(path);
    const auto then = input.variables.find(name_of_file(path));
    if (content && then != input.variables.end() && then->second != mark_of(*content)) {
      *content += " as it was";
    }
    return content;
  };
  return environment;
}

}  // namespace

Diffed diff(const ConfigInput& before, const ConfigInput& after, const DiffOptions& options) {
  Diffed diffed;
  StateRegistry states;
  Loading old(states);
  Loading now(states);
  for (const auto& [loading, input] : {std::pair(&old, &before), std::pair(&now, &after)}) {
    // What runs may have had variables that are not here.
    loading->offline = !input->texts.empty();
    loading->load_files(*input, filters::builtin_filters());
    diffed.problems += to_text(loading->diagnostics, loading->sources, options.style);
    diffed.verdict = std::max(diffed.verdict, loading->verdict(false));
    // What is tested changes nothing of what runs.
    std::erase_if(loading->merged.entries(),
                  [](const NodeEntry& entry) { return entry.key == "tests"; });
  }
  if (diffed.verdict != Verdict::Sound) return diffed;
  const FilterSchema filters = FilterTypes(filters::builtin_filters()).schema();
  const ValueSchema schema{type_info<model::File>(), kNoRules};
  // Relative paths mean other files where the configurations are in different folders, and what
  // runs tells no secrets.
  for (Loading* loading : {&old, &now}) {
    anchor_paths(filters, schema, loading->sources, loading->merged);
    hide_secrets(filters, schema, loading->merged);
  }
  Diagnostics ignored;
  Interpolator old_values(old.sources, environment_of(old, before));
  Interpolator new_values(now.sources, environment_of(now, after));
  Reading old_reading(ignored, old_values);
  Reading new_reading(ignored, new_values);
  Json list = Json::array();
  for (const Difference& one :
       differences(filters, schema, {old.merged, old_reading}, {now.merged, new_reading})) {
    const bool gone = one.kind == Difference::Kind::Removed;
    const std::string place = place_text(one.where, gone ? old.sources : now.sources);
    if (options.json) {
      list.push_back(json_of(one, place));
    } else {
      diffed.text += text_of(one, place);
    }
  }
  if (options.json) diffed.text = list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return diffed;
}

}  // namespace weir::config
