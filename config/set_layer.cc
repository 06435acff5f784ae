#include "config/set_layer.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "config/filter_item.h"
#include "config/reader.h"
#include "config/tree_path.h"
#include "config/values.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config {
namespace {

using Steps = std::span<const PathStep>;

bool is_collection(std::string_view value) {
  return (value.starts_with('{') && value.ends_with('}')) ||
         (value.starts_with('[') && value.ends_with(']'));
}

// When the first of `steps`, which begin at `path`, are together one of `known`, with the dots
// between them: the path that was meant. Or empty.
std::string with_dots(std::string path, Steps steps, const std::vector<std::string>& known) {
  std::string name = steps.front().name;
  for (std::size_t taken = 1; taken < steps.size(); ++taken) {
    name += '.' + steps[taken].name;
    if (std::find(known.begin(), known.end(), name) == known.end()) continue;
    append_key(path, name);
    for (const PathStep& step : steps.subspan(taken + 1)) {
      step.index ? append_index(path, *step.index) : append_key(path, step.name);
    }
    return path;
  }
  return {};
}

class Builder {
 public:
  Builder(Position where, Reading& reading) : where_(where), reading_(reading) {}

  // What of the layer is at the end of `way`: the steps that are left, around `value`.
  std::optional<Node> build(TreePath way, Node* lower, Steps steps, Node value) {
    if (steps.empty()) return value;
    const ValueSchema schema = way.schema();
    if (schema.type.shape == Shape::List) return build_item(way, lower, steps, std::move(value));
    if (schema.type.shape == Shape::Scalar || schema.type.shape == Shape::Enum) {
      const bool vowel =
          std::string_view("aeiou").find(schema.type.word.front()) != std::string_view::npos;
      return refuse(steps.front(), std::string("there is nothing below ") + (vowel ? "an " : "a ") +
                                       std::string(schema.type.word));
    }
    const std::string at = reading_.path().text();
    const auto step = reading_.enter(steps.front().name);
    const std::vector<std::string> known = lower ? way.known(*lower) : std::vector<std::string>();
    Node* const next = way.enter(lower, steps.front());
    if (next == nullptr) {
      const std::string meant = with_dots(at, steps, known);
      if (!meant.empty()) return refuse_dots(meant);
    }
    std::optional<Node> inner = build(way, next, steps.subspan(1), std::move(value));
    if (!inner) return std::nullopt;
    Node map = around(steps.front().name, *std::move(inner));
    const bool setting = schema.type.shape == Shape::Filter && !is_item_key(steps.front().name);
    const NodeEntry* const type = setting && lower != nullptr ? filter_type(*lower) : nullptr;
    return type == nullptr ? map : around(type->key, std::move(map));
  }

 private:
  Node around(const std::string& key, Node value) const {
    Node map = Node::map(where_);
    map.add(key, std::move(value));
    return map;
  }

  std::optional<Node> refuse(const PathStep& below, std::string message) {
    const auto step = below.index ? reading_.enter(*below.index) : reading_.enter(below.name);
    reading_.error(where_, std::move(message));
    return std::nullopt;
  }

  std::optional<Node> refuse_dots(const std::string& meant) {
    reading_.error(where_, "a name with a '.' stands in brackets in a path: " + meant);
    return std::nullopt;
  }

  std::optional<Node> build_item(TreePath way, Node* lower, Steps steps, Node value) {
    const ValueSchema list = way.schema();
    const PathStep& wanted = steps.front();
    if (!list.keyed()) {
      return refuse(wanted,
                    "the items of this list have no names: set all of it, PATH=[a, b], or "
                    "PATH={ $append: [c] }");
    }
    const std::vector<std::string> known = lower ? way.known(*lower) : std::vector<std::string>();
    Node* const next = way.enter(lower, wanted);
    if (next == nullptr) {
      const std::string meant = with_dots(reading_.path().text(), steps, known);
      const auto step = reading_.enter(wanted.name);
      if (!meant.empty()) return refuse_dots(meant);
    }
    if (next == nullptr) {
      return refuse(wanted, "there is no " + quote(wanted.name) + " in this list" +
                                did_you_mean(wanted.name, known) +
                                (known.empty() ? "" : "; PATH={ $append: [...] } adds one"));
    }
    const std::string name = item_name(list.item().type, *next, list.rules);
    if (name.empty()) return refuse(wanted, "has no name by which it could be changed");
    const auto step = reading_.enter(name);
    std::optional<Node> item = build(way, next, steps.subspan(1), std::move(value));
    if (item && list.item().type.shape == Shape::Filter && is_switch(item->text())) {
      item = around("enabled", *std::move(item));
    }
    if (!item || !name_item(list, name, *item)) return std::nullopt;
    Node layer = Node::list(where_);
    layer.items().push_back(*std::move(item));
    return layer;
  }

  // Makes the item be known by `name`.
  bool name_item(ValueSchema list, const std::string& name, Node& item) {
    const TypeInfo& type = list.item().type;
    if (!item.is_map()) {
      return reading_.error(where_, "an item is set key by key, or with a map: PATH={ ... }");
    }
    if (item_name(type, item, list.rules) == name) return true;
    const std::string_view key = list.rules.key.empty() ? "name" : list.rules.key;
    for (const std::string_view by : {key, list.rules.other_key}) {
      if (by.empty()) continue;
      if (item.find(by) != nullptr) break;
      item.add(std::string(by), Node::scalar(where_, name));
      if (item_name(type, item, list.rules) == name) return true;
      item.entries().pop_back();
    }
    return reading_.error(where_, "this is what the item is known by: it cannot be set");
  }

  Position where_;
  Reading& reading_;
};

}  // namespace

namespace {

Result<void> check_path(std::string_view path) {
  const Result<std::vector<PathStep>> steps = parse_path(path);
  if (steps) return {};
  return config_error(quote(path) + ": " + steps.error().message);
}

}  // namespace

Result<Assignment> parse_assignment(std::string_view text) {
  bool inside = false;  // of brackets, in which quotes may hold other brackets
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (inside || text[at] != '='); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (inside && text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && (text[at] == '[' || text[at] == ']')) {
      inside = text[at] == '[';
    }
  }
  if (at >= text.size() || at == 0) {
    return config_error(quote(text) + " is not PATH=VALUE, as in listeners.web.address=0.0.0.0:80");
  }
  const Assignment assignment{text.substr(0, at), text.substr(at + 1)};
  WEIR_TRY_VOID(check_path(assignment.path));
  return assignment;
}

std::optional<Node> make_set_layer(const Assignment& assignment, const FilterSchema& filters,
                                   ValueSchema schema, Node& lower, Sources& sources,
                                   Reading& reading) {
  const std::uint32_t source =
      sources.add_argument("--set " + std::string(assignment.path), std::string(assignment.value));
  const Result<std::vector<PathStep>> steps = parse_path(assignment.path);
  const Position where{source, 1, 1};
  std::optional<Node> value = Node::scalar(where, std::string(assignment.value), true);
  if (is_collection(assignment.value)) value = read_yaml(sources, source, reading.diagnostics());
  if (!value) return std::nullopt;
  return Builder(where, reading)
      .build(TreePath(filters, reading, schema), &lower, *steps, *std::move(value));
}

}  // namespace weir::config
