#include "config/build/show.h"

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "config/anchor.h"
#include "config/build/filter_types.h"
#include "config/build/loading.h"
#include "config/json_text.h"
#include "config/lines.h"
#include "config/literals.h"
#include "config/model/file.h"
#include "config/secrets.h"
#include "config/tree_path.h"
#include "config/yaml_text.h"
#include "core/base/escape.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"
#include "filters/builtin.h"

namespace weir::config {
namespace {

ValueSchema schema_of_file() {
  return {type_info<model::File>(), kNoRules};
}

// What one layer made of the value.
struct Version {
  std::string layer;
  std::optional<Node> value;  // none when it was deleted
};

// One value through all layers.
class History {
 public:
  History(std::span<const PathStep> steps, const FilterSchema& filters, Loading& loading)
      : steps_(steps), filters_(filters), loading_(loading) {}

  void add(std::uint32_t source) {
    const Node* const found = find();
    const std::string text = found == nullptr ? std::string() : to_yaml(*found);
    const bool was_there = !versions_.empty() && versions_.back().value;
    if (found == nullptr ? !was_there : was_there && text == last_) return;
    last_ = text;
    std::string layer = loading_.sources.name(source);
    std::optional<Node> value;
    if (found != nullptr) {
      if (found->is_scalar()) layer = place_text(found->where(), loading_.sources);
      value = *found;
      anchor_paths(filters_, way_->schema(), loading_.sources, *value);
      hide_secrets(filters_, way_->schema(), *value);
    }
    versions_.push_back({std::move(layer), std::move(value)});
  }

  const std::vector<Version>& versions() const { return versions_; }
  std::string normal() const { return reachable_ ? way_->normal() : std::string(); }
  // For JSON: with numbers and booleans.
  Node typed(Node value) const {
    name_literals(filters_, way_->schema(), value);
    return value;
  }
  // Where and why the path ends that leads nowhere.
  std::string missing() const {
    if (missing_is_field_) return "nothing writes " + quote(missing_) + ", and it has no default";
    return "there is no " + quote(missing_) + did_you_mean(missing_, known_);
  }

 private:
  const Node* find() {
    Interpolator interpolator(loading_.sources, process_environment());
    Diagnostics ignored;
    Reading reading(ignored, interpolator);
    way_.emplace(filters_, reading, schema_of_file());
    Node* node = &loading_.merged;
    // Items and entries of maps must be there; what a struct may have has a default.
    reachable_ = true;
    for (const PathStep& step : steps_) {
      const bool so_far = node != nullptr;
      if (so_far) {
        missing_ = step.name;
        known_ = way_->known(*node);
      }
      node = way_->enter(node, step);
      if (so_far) missing_is_field_ = way_->at_field();
      reachable_ = reachable_ && (node != nullptr || way_->at_field());
    }
    return node;
  }

  std::span<const PathStep> steps_;
  const FilterSchema& filters_;
  Loading& loading_;
  std::optional<TreePath> way_;
  bool reachable_ = false;
  std::vector<Version> versions_;
  std::string last_;
  std::string missing_;
  bool missing_is_field_ = false;
  std::vector<std::string> known_;
};

LineNote origins_of(const Sources& sources) {
  return [&sources](const Node& value) { return place_text(value.where(), sources); };
}

// For readers elsewhere, who may not know everything.
void prepare_to_show(const FilterSchema& filters, Loading& loading) {
  anchor_paths(filters, schema_of_file(), loading.sources, loading.merged);
  hide_secrets(filters, schema_of_file(), loading.merged);
}

std::string history_yaml(const History& history, const LineNote& note) {
  std::string out;
  if (!history.normal().empty()) out += "default: " + history.normal() + "\n";
  for (const Version& version : history.versions()) {
    out += version.layer + ":";
    if (!version.value) {
      out += " deleted\n";
    } else if (version.value->is_scalar()) {
      out += " " + to_yaml(*version.value);
    } else {
      out += "\n" + indented(to_yaml(*version.value, note), 2);
    }
  }
  return out;
}

std::string history_json(const History& history) {
  Node all = Node::list({});
  const auto add = [&all](const std::string& layer, const Node& value) {
    Node version = Node::map({});
    version.add("layer", Node::scalar({}, layer));
    version.add("value", value);
    all.items().push_back(std::move(version));
  };
  if (!history.normal().empty()) add("default", history.typed(Node::scalar({}, history.normal())));
  for (const Version& version : history.versions()) {
    add(version.layer, history.typed(version.value.value_or(Node::null({}))));
  }
  return to_json(all) + "\n";
}

}  // namespace

std::string merged_yaml(Loading& loading) {
  if (loading.merged.is_null()) return {};
  prepare_to_show(FilterTypes(filters::builtin_filters()).schema(), loading);
  return to_yaml(loading.merged);
}

Shown show(const ConfigInput& input, const ShowOptions& options) {
  Shown shown;
  const auto steps = parse_path(options.path);
  if (!steps) return {Verdict::AtFault, {}, "error: " + printable(steps.error().message) + "\n"};
  StateRegistry states;
  Loading loading(states);
  const FilterSchema filters = FilterTypes(filters::builtin_filters()).schema();
  History history(*steps, filters, loading);
  if (!steps->empty()) loading.after_layer = [&](std::uint32_t source) { history.add(source); };
  loading.load_files(input, filters::builtin_filters());

  shown.verdict = loading.verdict(false);
  shown.problems = to_text(loading.diagnostics, loading.sources, options.style);
  if (loading.merged.is_null()) return shown;
  const LineNote note = options.origins ? origins_of(loading.sources) : LineNote();
  if (steps->empty()) {
    prepare_to_show(filters, loading);
    if (options.json) name_literals(filters, schema_of_file(), loading.merged);
    shown.text = options.json ? to_json(loading.merged) + "\n" : to_yaml(loading.merged, note);
  } else if (history.versions().empty() && history.normal().empty()) {
    shown.verdict = Verdict::AtFault;
    shown.problems += "error: " + printable(options.path + ": " + history.missing()) + "\n";
  } else {
    shown.text = options.json ? history_json(history) : history_yaml(history, note);
  }
  return shown;
}

}  // namespace weir::config
