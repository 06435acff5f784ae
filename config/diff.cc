#include "config/diff.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "config/alignment.h"
#include "config/filter_item.h"
#include "config/node_set.h"
#include "config/tree_path.h"
#include "config/values.h"
#include "config/yaml_text.h"

namespace weir::config {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

class Comparer {
 public:
  Comparer(const FilterSchema& filters, Reading& before, Reading& after)
      : filters_(filters), before_(before), reading_(after) {}

  void compare(ValueSchema outer, Node& before, Node& after) {
    const ValueSchema schema = outer.unwrapped();
    lengthen(schema, before, before_);
    lengthen(schema, after, reading_);
    if (schema.rules.one_or_many && before.is_list() != after.is_list()) {
      make_list(before);
      make_list(after);
    }
    if (before.is_map() && after.is_map()) {
      compare_maps(schema, before, after);
    } else if (before.is_list() && after.is_list() && schema.keyed()) {
      compare_items(schema, before, after);
    } else if (before.is_list() && after.is_list() && schema.rules.merge == Merge::Set) {
      compare_sets(schema, before, after);
    } else if (!same(meant(schema, before, before_), meant(schema, after, reading_))) {
      add(schema, Difference::Kind::Changed, after.where(), text_of(schema, before),
          text_of(schema, after));
      found_.back().other_values = same(before, after);
    } else if (schema.rules.content && has_other_content(before, after)) {
      add(schema, Difference::Kind::Changed, after.where(), text_of(schema, before),
          text_of(schema, after));
      found_.back().other_content = true;
    }
  }

  std::vector<Difference> take() { return std::move(found_); }

 private:
  static void make_list(Node& node) {
    if (node.is_list() || node.is_null()) return;
    Node list = Node::list(node.where());
    list.items().push_back(std::move(node));
    node = std::move(list);
  }

  // Into the notation that is compared: the long one of structs, the short one of custom types.
  static void lengthen(ValueSchema schema, Node& node, Reading& reading) {
    expand(schema, node, reading);
    if (schema.type.shorten != nullptr) schema.type.shorten(node);
  }

  // The value without anything that only notation makes of it, so that 3s and 3000ms are the same.
  Node meant(ValueSchema outer, Node node, Reading& reading) const {
    const ValueSchema schema = outer.unwrapped();
    if (node.is_scalar()) node = with_values(schema, std::move(node), reading);
    lengthen(schema, node, reading);
    if (schema.rules.one_or_many && schema.type.shape == Shape::List) make_list(node);
    for (Node& item : node.items()) item = meant(schema.item(), std::move(item), reading);
    for (NodeEntry& entry : node.entries()) {
      if (is_any_case(schema)) entry.key = lower_case(entry.key);
      entry.value = meant(filters_.below(schema, entry.key), std::move(entry.value), reading);
    }
    std::erase_if(node.entries(), [&](const NodeEntry& entry) {
      return says_nothing(schema, entry.key, entry.value, reading);
    });
    put_in_order(schema, node);
    if (!node.is_scalar()) return node;
    if (outer.rules.or_off && is_off(node.text())) return Node::scalar(node.where(), "off");
    if (schema.type.shape == Shape::Enum) {
      return Node::scalar(node.where(), std::string(normal_word(schema.type, node.text())));
    }
    if (schema.type.normal == nullptr) return node;
    const auto text = schema.type.normal(node.text());
    return text ? Node::scalar(node.where(), *text) : node;
  }

  // Of files that cannot be read here, nobody knows.
  bool has_other_content(const Node& before, const Node& after) {
    const auto content = [](const Node& path, Reading& reading) -> std::optional<std::string> {
      const auto text = reading.text(path);
      return text ? reading.file(*text, path.where()) : std::nullopt;
    };
    const auto old = content(before, before_);
    const auto now = content(after, reading_);
    return old && now && *old != *now;
  }

  // What has no value here is compared as it is written.
  static Node with_values(ValueSchema schema, Node node, Reading& reading) {
    if (schema.rules.verbatim || node.text().find("${") == std::string::npos) return node;
    auto text = reading.text(node);
    return text ? Node::scalar(node.where(), *std::move(text), node.quoted()) : node;
  }

  // Any order is as good, as long as both sides have the same.
  static void put_in_order(ValueSchema schema, Node& node) {
    std::sort(node.entries().begin(), node.entries().end(),
              [](const NodeEntry& a, const NodeEntry& b) { return a.key < b.key; });
    if (!schema.rules.any_order) return;
    std::sort(node.items().begin(), node.items().end(),
              [](const Node& a, const Node& b) { return to_yaml(a) < to_yaml(b); });
  }

  static bool is_any_case(ValueSchema schema) {
    return schema.rules.any_case && schema.type.shape == Shape::Map;
  }

  // Whether a value says no more than its absence does: defaults, and structs without content.
  bool says_nothing(ValueSchema schema, std::string_view key, const Node& value,
                    Reading& reading) const {
    if (schema.type.shape == Shape::Filter) {
      return key == "name" || (key == "enabled" && parse_boolean(value.text()).value_or(false));
    }
    if (schema.type.shape != Shape::Struct) return false;
    const StructInfo& structure = *schema.type.structure();
    const FieldInfo* const field = structure.field(key);
    if (field == nullptr) return false;
    if (field->rules.usual) return value.is_map() && value.entries().empty();
    const ValueSchema below{field->type(), field->rules};
    const std::string normal = show_default(structure, *field);
    const std::string text = text_of(below, meant(below, value, reading));
    return !normal.empty() && normal == text;
  }

  // Whether what is not written stands for a value with all defaults.
  static bool is_always_there(ValueSchema owner, ValueSchema value) {
    return owner.type.shape == Shape::Struct &&
           (value.type.shape == Shape::Struct || value.type.shape == Shape::Map);
  }

  static std::string text_of(ValueSchema schema, const Node& node) {
    if (schema.rules.secret) return "(hidden)";
    if (node.is_scalar()) return node.text();
    std::string inside;
    for (const Node& item : node.items()) {
      if (!item.is_scalar()) return std::string(node.kind_word());
      inside += (inside.empty() ? "" : ", ") + item.text();
    }
    for (const NodeEntry& entry : node.entries()) {
      if (!entry.value.is_scalar()) return std::string(node.kind_word());
      inside += (inside.empty() ? "" : ", ") + entry.key + ": " + entry.value.text();
    }
    return node.is_list() ? "[" + inside + "]" : "{ " + inside + " }";
  }
  static std::string scalar_of(ValueSchema schema, const Node& node) {
    return node.is_scalar() ? text_of(schema, node) : std::string();
  }

  void add(ValueSchema schema, Difference::Kind kind, Position where, std::string before = {},
           std::string after = {}) {
    found_.push_back({.kind = kind,
                      .path = reading_.path().text(),
                      .before = std::move(before),
                      .after = std::move(after),
                      .where = where,
                      .waits_for = schema.rules.waits_for});
  }

  void compare_maps(ValueSchema schema, Node& before, Node& after) {
    if (schema.type.shape == Shape::Struct) {
      const StructInfo& structure = *schema.type.structure();
      if (structure.align != nullptr)
        structure.align(before, after, filters_, reading_.diagnostics());
    }
    for (NodeEntry& entry : after.entries()) {
      const bool settings = schema.type.shape == Shape::Filter && !is_item_key(entry.key);
      const auto step = settings ? reading_.stay() : reading_.enter(entry.key);
      const ValueSchema below = filters_.below(schema, entry.key);
      Node* const old = child(schema, before, entry.key);
      Node nothing = Node::map(entry.value.where());
      if (old != nullptr) {
        compare(below, *old, entry.value);
      } else if (is_always_there(schema, below)) {
        compare(below, nothing, entry.value);
      } else if (!says_nothing(schema, entry.key, entry.value, reading_)) {
        add(below, Difference::Kind::Added, entry.value.where(), {}, scalar_of(below, entry.value));
      }
    }
    for (NodeEntry& entry : before.entries()) {
      if (child(schema, after, entry.key) != nullptr) continue;
      const auto step = reading_.enter(entry.key);
      const ValueSchema below = filters_.below(schema, entry.key);
      Node nothing = Node::map(entry.value.where());
      if (is_always_there(schema, below)) {
        compare(below, entry.value, nothing);
      } else if (!says_nothing(schema, entry.key, entry.value, before_)) {
        add(below, Difference::Kind::Removed, entry.value.where(), scalar_of(below, entry.value));
      }
    }
  }

  static Node* child(ValueSchema schema, Node& map, const std::string& key) {
    const auto found =
        std::find_if(map.entries().begin(), map.entries().end(), [&](const NodeEntry& entry) {
          return entry.key == key ||
                 (is_any_case(schema) && lower_case(entry.key) == lower_case(key));
        });
    return found == map.entries().end() ? nullptr : &found->value;
  }

  // What the item is known by, or nothing.
  static std::string name_of(ValueSchema schema, const Node& item) {
    return item_name(schema.item().type, item, schema.rules);
  }

  // Of each item of `after` the place of the one that it was before: of the same name, and of those
  // without one as their content says.
  std::vector<std::size_t> old_places(ValueSchema schema, const Node& before,
                                      const Node& after) const {
    std::unordered_map<std::string, std::size_t> named;
    const Nameless old = nameless(schema, before, before_);
    const Nameless now = nameless(schema, after, reading_);
    for (std::size_t i = 0; i < before.items().size(); ++i) {
      named.try_emplace(name_of(schema, before.items()[i]), i);
    }
    std::vector<std::size_t> places(after.items().size(), kNoPlace);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::string name = name_of(schema, after.items()[i]);
      const auto found = name.empty() ? named.end() : named.find(name);
      if (found != named.end()) places[i] = found->second;
    }
    const std::vector<std::size_t> pairs = aligned(old.texts, now.texts);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (pairs[i] != kNoPlace) places[now.places[i]] = old.places[pairs[i]];
    }
    return places;
  }

  // The items of a list that have no name: where they stand, and what they mean.
  struct Nameless {
    std::vector<std::size_t> places;
    std::vector<std::string> texts;
  };
  Nameless nameless(ValueSchema schema, const Node& list, Reading& reading) const {
    Nameless found;
    for (std::size_t i = 0; i < list.items().size(); ++i) {
      const Node& item = list.items()[i];
      if (!name_of(schema, item).empty()) continue;
      found.places.push_back(i);
      found.texts.push_back(to_yaml(meant(schema.item(), item, reading)));
    }
    return found;
  }

  [[nodiscard]] KeyPath::Step enter_item(ValueSchema schema, const Node& list, std::size_t index) {
    const std::string name = name_of(schema, list.items()[index]);
    return name.empty() ? reading_.enter(index) : reading_.enter(name);
  }

  void compare_items(ValueSchema schema, Node& before, Node& after) {
    const std::vector<std::size_t> places = old_places(schema, before, after);
    const std::vector<bool> elsewhere = moved(places);
    std::vector<bool> gone(before.items().size(), true);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto step = enter_item(schema, after, i);
      Node& item = after.items()[i];
      if (places[i] == kNoPlace) {
        add(schema.item(), Difference::Kind::Added, item.where());
        continue;
      }
      if (elsewhere[i]) add(schema.item(), Difference::Kind::Moved, item.where());
      gone[places[i]] = false;
      compare(schema.item(), before.items()[places[i]], item);
    }
    for (std::size_t i = 0; i < gone.size(); ++i) {
      if (!gone[i]) continue;
      const auto step = enter_item(schema, before, i);
      add(schema.item(), Difference::Kind::Removed, before.items()[i].where());
    }
  }

  void compare_sets(ValueSchema schema, const Node& before, const Node& after) {
    const Node old = meant(schema, before, before_);
    const Node now = meant(schema, after, reading_);
    const NodeSet of_old(old);
    const NodeSet of_now(now);
    for (std::size_t i = 0; i < now.items().size(); ++i) {
      const Node& item = after.items()[i];
      if (of_old.holds(now.items()[i])) continue;
      add(schema, Difference::Kind::Added, item.where(), {}, scalar_of(schema, item));
    }
    for (std::size_t i = 0; i < old.items().size(); ++i) {
      const Node& item = before.items()[i];
      if (of_now.holds(old.items()[i])) continue;
      add(schema, Difference::Kind::Removed, item.where(), scalar_of(schema, item));
    }
  }

  const FilterSchema& filters_;
  Reading& before_;
  Reading& reading_;  // of what comes after; has the path
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> differences(const FilterSchema& filters, ValueSchema schema,
                                    DiffSide before, DiffSide after) {
  Comparer comparer(filters, before.reading, after.reading);
  comparer.compare(schema, before.tree, after.tree);
  return comparer.take();
}

}  // namespace weir::config
