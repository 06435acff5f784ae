#include "config/merge.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "config/filter_item.h"
#include "config/node_set.h"
#include "config/schema.h"
#include "config/values.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config {
namespace {

// Maps of fewer keys are searched, others get an index.
constexpr std::size_t kFewKeys = 16;

const TypeInfo& tree_type() {
  return type_info<Node>();
}

// The index of each key of a map that many keys are put over.
class KeyIndex {
 public:
  KeyIndex(const Node& map, std::size_t searches) : map_(map), indexed_(searches > kFewKeys) {
    if (!indexed_) return;
    for (std::size_t i = 0; i < map.entries().size(); ++i) places_[map.entries()[i].key] = i;
  }
  // Its place, or the number of entries.
  std::size_t find(const std::string& key) const {
    const auto& entries = map_.entries();
    if (indexed_) {
      const auto found = places_.find(key);
      return found == places_.end() ? entries.size() : found->second;
    }
    std::size_t place = 0;
    while (place < entries.size() && entries[place].key != key) ++place;
    return place;
  }
  void added(const std::string& key) {
    if (indexed_) places_[key] = map_.entries().size() - 1;
  }

 private:
  const Node& map_;
  bool indexed_;
  std::unordered_map<std::string, std::size_t> places_;
};

// A `$replace` anywhere in a value, or null.
const NodeEntry* find_replace(const Node& value) {
  for (const NodeEntry& entry : value.entries()) {
    if (entry.key == "$replace") return &entry;
    if (const NodeEntry* below = find_replace(entry.value)) return below;
  }
  return nullptr;
}

bool uses_a_set(const Node& list) {
  return std::any_of(list.items().begin(), list.items().end(),
                     [](const Node& item) { return item.entry("use") != nullptr; });
}

// `gone` may be shorter than the entries.
void erase_those(std::vector<NodeEntry>& entries, const std::vector<bool>& gone) {
  std::size_t place = 0;
  std::erase_if(entries, [&](const NodeEntry&) {
    const std::size_t one = place++;
    return one < gone.size() && gone[one];
  });
}

// The directives of an entry. Those of lists stay for whoever reads the list; in a map whose keys
// are names they are no names.
Directives take_those_of(const ValueSchema& schema, NodeEntry& entry, Reading& reading) {
  const bool names = schema.unwrapped().type.shape == Shape::Map;
  return names || !changes_list(entry.value) ? take_directives(entry.value, false, reading)
                                             : Directives();
}

std::vector<std::string_view> keys_of(const Node& map) {
  std::vector<std::string_view> keys;
  for (const NodeEntry& entry : map.entries()) keys.push_back(entry.key);
  return keys;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

// The name by which the use of a set goes in its list.
std::string used_name(std::string_view set) {
  return "use:" + std::string(set);
}

bool uses_a_set(const KeyedList& list) {
  for (std::size_t place = 0; place < list.size(); ++place) {
    if (list.item(place).entry("use") != nullptr) return true;
  }
  return false;
}

// How to be rid of a filter that is not in a list, but maybe in a set that it uses.
std::string of_used_set(const KeyedList& list, std::string_view name) {
  if (!uses_a_set(list)) return {};
  return "; one of a set is switched off by { name: " + clipped(name) + ", enabled: false }";
}

// Which filter is meant by a type: it goes by another name, unless a set has one by this.
std::string of_type(const KeyedList& list, std::string_view type) {
  if (uses_a_set(list)) return {};
  for (std::size_t place = 0; place < list.size(); ++place) {
    const NodeEntry* const known = filter_type(list.item(place));
    // as in an empty place, or new itself
    if (known == nullptr || known->key != type || list.names()[place] == type) continue;
    return ", did you mean " + quote(list.names()[place]) + ", of type " + std::string(type) + "?";
  }
  return {};
}

// A value that is none stands for a list of it.
void make_list(Node& node) {
  if (node.is_list()) return;
  Node list = Node::list(node.where());
  list.items().push_back(std::move(node));
  node = std::move(list);
}

// What is wrong with an entry from here on was written at `where`.
void take_the_place(NodeEntry& entry, Position where, Diagnostics& diagnostics) {
  diagnostics.set_overridden(where, entry.where);
  entry.where = where;
}

void put(Node& map, std::string_view key, Node value) {
  for (NodeEntry& entry : map.entries()) {
    if (entry.key != key) continue;
    entry.where = value.where();
    entry.value = std::move(value);
    return;
  }
  map.add(std::string(key), std::move(value));
}

}  // namespace

void Merger::merge(const TypeInfo& type, Node& lower, Node upper) {
  merge_value(type, kNoRules, lower, std::move(upper));
}

void Merger::replace(Node& lower, Node upper) {
  const auto equal = [this](const Node& node) {
    return std::find(equals_.begin(), equals_.end(), node.where().source) != equals_.end();
  };
  if (lower.is_scalar() && upper.is_scalar() && lower.text() != upper.text() && equal(lower) &&
      equal(upper)) {
    reading_.warning(
        upper.where(),
        "another file of this directory sets it differently, and the one whose name comes last "
        "wins");
  }
  reading_.diagnostics().set_overridden(upper.where(), lower.where());
  lower = std::move(upper);
}

void Merger::merge_value(const TypeInfo& type, const Rules& rules, Node& lower, Node upper) {
  if (upper.is_null()) return replace(lower, std::move(upper));
  switch (type.shape) {
    case Shape::Wrapper:
      if (rules.or_off && (is_off(lower.text()) || is_off(upper.text()))) break;
      return merge_value(type.element(), rules, lower, std::move(upper));
    case Shape::List:
      return merge_list(type, rules, lower, std::move(upper));
    case Shape::Struct:
      return merge_struct(type, rules, lower, std::move(upper));
    case Shape::Filter:
      return merge_filter(type, rules, lower, std::move(upper));
    case Shape::Map:
    case Shape::Tree:
    case Shape::Custom:
      if (lower.is_map() && upper.is_map()) {
        return merge_map(type, rules, lower, std::move(upper));
      }
      if (lower.is_list() && changes_list(upper)) {
        return change_list(tree_type(), rules, lower, std::move(upper));
      }
      break;
    case Shape::Scalar:
    case Shape::Enum:
      break;
  }
  replace(lower, alone(type, rules, std::move(upper)));
}

void Merger::merge_map(const TypeInfo& type, const Rules& rules, Node& lower, Node upper) {
  const bool over_nothing = lower.entries().empty();
  if (!over_nothing) {
    reading_.diagnostics().set_changed(reading_.path().text(), lower.where(), upper.where());
  }
  KeyIndex index(lower, over_nothing ? 0 : upper.entries().size());
  std::optional<Below> below;
  std::vector<bool> gone;
  for (NodeEntry& entry : upper.entries()) {
    // Reading sees one of the two.
    const bool unknown =
        type.shape == Shape::Struct && type.structure()->field(entry.key) == nullptr;
    // No key is twice in a layer.
    const std::size_t place = over_nothing ? lower.entries().size() : index.find(entry.key);
    const bool found = place < lower.entries().size();
    if (unknown && found && entry.value.find("$patch") == nullptr) {
      report_unknown_key(*type.structure(), entry, reading_);
    }
    // A filter is known by its name, and its settings are below that.
    const bool settings = type.shape == Shape::Filter && !is_item_key(entry.key);
    const auto step = settings ? reading_.stay() : reading_.enter(entry.key);
    const auto [below_type, below_rules] = filters_.below({type, rules}, entry.key);
    const std::size_t errors_before = reading_.diagnostics().errors();
    const Directives said = take_those_of({below_type, below_rules}, entry, reading_);
    if (settings && said.erase) {
      reading_.error(upper.where(), "deletes settings and no filter: write { " + entry.key +
                                        ": {}, $patch: delete }");
    }
    const bool directives_only =
        said.erase || (entry.value.is_map() && entry.value.entries().empty());
    if (directives_only && reading_.diagnostics().errors() != errors_before) {
      reading_.diagnostics().set_misspelt(reading_.path().text());
      continue;
    }
    if (said.erase) {
      if (found) {
        reading_.diagnostics().set_deleted(reading_.path().text(), entry.where);
        gone.resize(lower.entries().size());
        gone[place] = true;
      } else if (!said.optional) {
        reading_.error(entry.where, "there is nothing below to delete" +
                                        missing(reading_.path().text(), entry.where, entry.key,
                                                [&] { return keys_of(lower); }) +
                                        "; $optional: true forgives that");
      }
    } else if (found) {
      NodeEntry& changed = lower.entries()[place];
      if (entry.value.is_null()) take_the_place(changed, entry.where, reading_.diagnostics());
      merge_value(below_type, below_rules, changed.value, std::move(entry.value));
    } else {
      entry.value = alone(below_type, below_rules, std::move(entry.value));
      if (type.shape == Shape::Map && !over_nothing) {
        if (!below) below = below_of(lower);
        hint_of_entry(type, entry, *below);
      }
      lower.entries().push_back(std::move(entry));
      index.added(lower.entries().back().key);
    }
  }
  erase_those(lower.entries(), gone);
}

// A choice of the upper layer takes the place of the other one below, and of what goes with that.
void Merger::merge_struct(const TypeInfo& type, const Rules& rules, Node& lower, Node upper) {
  const StructInfo& structure = *type.structure();
  const bool expanded = expand_short_form(structure, lower, reading_) &&
                        expand_short_form(structure, upper, reading_);
  if (!expanded || !lower.is_map() || !upper.is_map()) {
    return replace(lower, alone(type, rules, std::move(upper)));
  }
  if (structure.align != nullptr) structure.align(lower, upper, filters_, reading_.diagnostics());
  const Node* const on = structure.shorts.off.empty() ? nullptr : lower.find(structure.shorts.off);
  if (on != nullptr && is_off(on->text()) && upper.find(structure.shorts.off) == nullptr) {
    reading_.diagnostics().set_kept_off(on->where(), upper.where());
  }
  for (const NodeEntry& entry : upper.entries()) {
    const FieldInfo* chosen = structure.field(entry.key);
    if (chosen == nullptr || chosen->rules.choice.empty()) continue;
    if (const Node* patch = entry.value.find("$patch"); patch != nullptr) continue;
    const auto replaced = [&](const FieldInfo* field) {
      return field != nullptr && field != chosen && field->rules.choice == chosen->rules.choice;
    };
    std::erase_if(lower.entries(), [&](const NodeEntry& other) {
      const FieldInfo* field = structure.field(other.key);
      const Node* above = upper.find(other.key);
      if (replaced(field)) return above == nullptr;
      return field != nullptr && replaced(structure.field(field->rules.goes_with)) &&
             (above == nullptr || above->find("$patch") == nullptr);
    });
  }
  merge_map(type, rules, lower, std::move(upper));
}

// `TYPE: off` says the same as `enabled: false`, and leaves the settings below as they are.
void Merger::merge_filter(const TypeInfo& type, const Rules& rules, Node& lower, Node upper) {
  expand_filter(lower);
  expand_filter(upper);
  if (!lower.is_map() || !upper.is_map()) {
    return replace(lower, alone(type, rules, std::move(upper)));
  }
  const NodeEntry* const old_type = filter_type(lower);
  const NodeEntry* const new_type = filter_type(upper);
  if (old_type != nullptr && new_type != nullptr && old_type->key != new_type->key) {
    if (new_type->key == filter_name(lower)) {
      const std::string value = new_type->value.is_scalar() ? new_type->value.text() : "…";
      reading_.error(new_type->where, "is a name, and the type of that filter is " + old_type->key +
                                          ": write { name: " + new_type->key + ", " +
                                          old_type->key + ": " + value + " }");
      return;
    }
    const std::string name = filter_name(lower);
    std::string wrong = filters_.misplaced_setting(old_type->key, name, *new_type);
    if (wrong.empty() && !filters_.types.contains(new_type->key)) {
      wrong = "there is no filter " + quote(new_type->key);
    } else if (wrong.empty()) {
      wrong = quote(name) + " is a " + old_type->key +
              " below: delete that one, or give this one a name";
    }
    reading_.error(new_type->where, std::move(wrong));
    return;
  }
  for (Node* item : {&lower, &upper}) {
    for (NodeEntry& entry : item->entries()) {
      if (&entry != filter_type(*item) || !entry.value.is_scalar() ||
          !is_switch(entry.value.text())) {
        continue;
      }
      const Node enabled =
          Node::scalar(entry.value.where(), is_off(entry.value.text()) ? "false" : "true");
      entry.value = Node::map(entry.value.where());
      put(*item, "enabled", enabled);
      break;
    }
  }
  merge_map(type, rules, lower, std::move(upper));
}

void Merger::merge_list(const TypeInfo& type, const Rules& rules, Node& lower, Node upper) {
  if (changes_list(upper)) {
    if (rules.one_or_many) make_list(lower);
    if (!lower.is_list()) return replace(lower, alone(type, rules, std::move(upper)));
    return change_list(type, rules, lower, std::move(upper));
  }
  const bool keyed = ValueSchema{type, rules}.keyed();
  if (!keyed && rules.merge != Merge::Set) {
    return replace(lower, alone(type, rules, std::move(upper)));
  }
  if (rules.one_or_many) {
    make_list(lower);
    make_list(upper);
  }
  if (!lower.is_list() || !upper.is_list()) {
    return replace(lower, alone(type, rules, std::move(upper)));
  }
  if (upper.items().empty() && !lower.items().empty()) return tell_of_empty(rules, lower, upper);
  if (keyed) {
    merge_keyed(type.element(), rules, lower, std::move(upper));
  } else {
    unite(lower, std::move(upper));
  }
}

// Who writes one most likely wants to be rid of what is below. Where that would mean everything, it
// is as wrong as an empty list alone.
void Merger::tell_of_empty(const Rules& rules, const Node& lower, const Node& upper) {
  std::string message = "is empty and changes nothing: the list below stays, " +
                        reading_.named_place(lower.where(), upper.where()) +
                        "; { $patch: delete } takes it away";
  if (rules.not_empty) {
    reading_.error(upper, std::move(message));
  } else {
    reading_.warning(upper.where(), std::move(message));
  }
}

void Merger::unite(Node& lower, Node upper) {
  NodeSet known(lower);
  for (Node& item : upper.items()) {
    if (known.add(item)) lower.items().push_back(std::move(item));
  }
}

bool Merger::takes_all(const TypeInfo& element, const Node& item) const {
  if (element.shape == Shape::Struct) {
    const StructInfo& structure = *element.structure();
    return structure.takes_all != nullptr && structure.takes_all(item);
  }
  if (element.shape != Shape::Filter) return false;
  const NodeEntry* type = filter_type(item);
  const auto found = filters_.types.find(type == nullptr ? item.text() : type->key);
  return found != filters_.types.end() && found->second.terminal;
}

// Sets are put in when all is merged: a list that replaced another would be united with the set's.
void Merger::refuse_replace(const Node& item) {
  const NodeEntry* const replace = find_replace(item);
  if (replace == nullptr) return;
  reading_.error(
      replace->where,
      "$replace does not reach into a set that this list uses: change it in filter_sets, "
      "or give this filter a name of its own and leave $replace out");
}

std::string Merger::missing_item(const TypeInfo& element, const KeyedList& list,
                                 const std::string& path, Position where,
                                 std::string_view name) const {
  const bool deleted = reading_.diagnostics().deleted_at(path).known();
  const bool filter = element.shape == Shape::Filter && !deleted;
  if (filter && list.find(used_name(name)) != KeyedList::kNone) {
    return ", did you mean " + quote(used_name(name)) + "?";
  }
  std::string meant = filter ? of_type(list, name) : std::string();
  if (!meant.empty()) return meant;
  return missing(path, where, name, [&] {
    auto names = views_of(list.names());
    std::erase(names, name);  // new itself
    return names;
  });
}

std::string Merger::missing(const std::string& path, Position where, std::string_view name,
                            const Words& known) const {
  const Position deleted = reading_.diagnostics().deleted_at(path);
  if (deleted.known()) return "; it is deleted " + reading_.named_place(deleted, where);
  return reading_.diagnostics().full() ? std::string() : did_you_mean(name, known());
}

std::size_t Merger::find_beside(const TypeInfo& element, const KeyedList& list, const KeyPath& path,
                                const Directives& said) {
  if (said.place == Directives::Place::Usual) return KeyedList::kNone;
  const std::size_t beside = list.find(said.beside);
  if (beside == KeyedList::kNone && !said.optional) {
    reading_.error(said.where, "there is no " + quote(said.beside) + " in this list" +
                                   missing_item(element, list, path.below(said.beside), said.where,
                                                said.beside));
  }
  return beside;
}

void Merger::note_deleted(const TypeInfo& element, const KeyPath& path, std::string_view name,
                          const Node& item, Position by) {
  reading_.diagnostics().set_deleted(path.below(name), by);
  const NodeEntry* const type = element.shape == Shape::Filter ? filter_type(item) : nullptr;
  if (type != nullptr) reading_.diagnostics().set_deleted(path.below(type->key), by);
}

void Merger::erase_item(const TypeInfo& element, KeyedList& list, std::size_t place,
                        const Node& item, std::string_view name, bool optional,
                        const KeyPath& path) {
  if (place != KeyedList::kNone) {
    note_deleted(element, path, name, list.item(place), item.where());
    list.erase(place);
  } else if (name.empty()) {
    reading_.error(item, "deletes nothing: name the item that is meant");
  } else if (!optional) {
    std::string meant = missing_item(element, list, reading_.path().text(), item.where(), name);
    if (meant.empty() && element.shape == Shape::Filter) meant = of_used_set(list, name);
    reading_.error(item, "there is no " + quote(name) + " below to delete" + meant +
                             "; $optional: true forgives that");
  }
}

void Merger::drop_name(const TypeInfo& element, const Rules& rules, const Node& lower, Node& item) {
  const bool filter = element.shape == Shape::Filter;
  std::erase_if(item.entries(), [&](const NodeEntry& entry) {
    const bool names = filter ? entry.key == "name" : entry.key == rules.key;
    const Node* const below = lower.find(entry.key);
    if (below == nullptr) return names && filter && filter_name(lower) == entry.value.text();
    return names && same(*below, entry.value);
  });
}

// Takes the directives out of the items of a layer.
std::vector<LayerItem> Merger::take_items(const TypeInfo& element, const Rules& rules, Node& layer,
                                          KeyedList& list) {
  std::vector<LayerItem> items;
  for (std::size_t i = 0; i < layer.items().size(); ++i) {
    Node& item = layer.items()[i];
    std::string name = item_name(element, item, rules);
    const auto step = name.empty() ? reading_.enter(i) : reading_.enter(name);
    const std::size_t errors_before = reading_.diagnostics().errors();
    Directives said = take_directives(item, true, reading_);
    const bool broken = reading_.diagnostics().errors() != errors_before;
    said.beside = normal_name(element, std::move(said.beside), rules);
    const NodeEntry* const more = said.erase ? beside_name(element, rules, item) : nullptr;
    if (more != nullptr) reading_.error_below(more->key, more->where, kLeavesNothing);
    items.push_back({std::move(name), std::move(said), item.where(), broken});
  }
  const auto below = [&](std::string_view name) {
    const std::size_t place = list.find(name);
    return place == KeyedList::kNone ? Position() : list.item(place).where();
  };
  placings_.add(items, below, reading_);
  return items;
}

void Merger::merge_keyed(const TypeInfo& element, const Rules& rules, Node& lower, Node upper) {
  const auto name_of = [&](const Node& item) { return item_name(element, item, rules); };
  const bool over_nothing = lower.items().empty();
  const KeyPath path = reading_.path();
  if (!over_nothing) {
    reading_.diagnostics().set_changed(path.text(), lower.where(), upper.where());
  }
  KeyedList list(lower, name_of, [&](const Node& item) { return takes_all(element, item); });
  std::unordered_map<std::string, Position> seen;  // known of what this layer has changed
  const std::vector<LayerItem> items = take_items(element, rules, upper, list);
  std::optional<Below> below;
  for (const std::size_t i : placing_order(items)) {
    Node& item = upper.items()[i];
    const std::string& name = items[i].name;
    const Directives& said = items[i].said;
    const auto step = name.empty() ? reading_.enter(i) : reading_.enter(name);
    // Two of one name in one layer do not change each other; where it is new, reading refuses them.
    const auto first = seen.find(name);
    const bool again = !name.empty() && first != seen.end();
    const std::size_t place = again ? KeyedList::kNone : list.find(name);
    const bool changes = place != KeyedList::kNone && !said.erase;
    if (!items[i].broken) seen.try_emplace(name, changes ? item.where() : Position());
    if (said.erase) {
      erase_item(element, list, place, item, name, said.optional, path);
      continue;
    }
    if (again && first->second.known()) {
      // The later one may have been put in its place before the other.
      const auto [there, here] = std::minmax({first->second, item.where()});
      reading_.error(here, quote(name) + " stands twice in this list; the first is " +
                               reading_.named_place(there, here));
      continue;
    }
    if (element.shape == Shape::Filter && uses_a_set(lower)) refuse_replace(item);
    const std::size_t beside = find_beside(element, list, path, said);
    const bool behind = said.place == Directives::Place::After;
    const bool is_placed = said.place != Directives::Place::Usual && !said.optional;
    if (items[i].broken || (is_placed && beside == KeyedList::kNone)) {
      reading_.diagnostics().set_unplaced(items[i].where);
    }
    if (place != KeyedList::kNone) {
      if (element.shape == Shape::Filter) note_kept_off(list.item(place), item, said);
      drop_name(element, rules, list.item(place), item);
      // A text alone is the name.
      if (!item.is_scalar()) merge_value(element, kNoRules, list.item(place), std::move(item));
      list.changed(place);
      if (beside != KeyedList::kNone) list.move(place, beside, behind);
      continue;
    }
    item = alone(element, kNoRules, std::move(item));
    if (!over_nothing) hint_of_item(element, item, name, list, below);
    list.insert(beside == KeyedList::kNone ? list.last_place() : beside + (behind ? 1 : 0),
                std::move(item));
  }
}

void Merger::change_list(const TypeInfo& type, const Rules& rules, Node& lower, Node upper) {
  const TypeInfo& element = type.shape == Shape::List ? type.element() : tree_type();
  bool optional = false;
  const KeyPath list = reading_.path();
  reading_.diagnostics().set_changed(list.text(), lower.where(), upper.where());
  if (const Node* written = upper.find("$optional")) config::read(*written, optional, reading_);
  for (NodeEntry& entry : upper.entries()) {
    if (entry.key == "$optional") continue;
    const auto step = reading_.enter(entry.key);
    if (std::find(kOfLists.begin(), kOfLists.end(), entry.key) == kOfLists.end()) {
      const std::string meant = did_you_mean(entry.key, kOfLists);
      reading_.error(entry.where, meant.empty() ? "stands beside what changes a list"
                                                : "unknown directive" + meant);
      continue;
    }
    if (!entry.value.is_list() && rules.one_or_many) make_list(entry.value);
    if (!entry.value.is_list()) {
      reading_.error(entry.value, "expected a list, found " + std::string(entry.value.kind_word()));
    } else if (entry.key == "$replace" && upper.entries().size() > 1) {
      reading_.error(entry.where, "stands alone: it is the whole list");
    } else if (entry.key == "$replace") {
      replace(lower, alone(type, rules, std::move(entry.value)));
    } else if (entry.key == "$remove") {
      remove_items(element, rules, lower, entry.value, optional, list);
    } else {
      add_items(element, rules, lower, std::move(entry.value), entry.key == "$prepend");
    }
  }
}

void Merger::add_items(const TypeInfo& element, const Rules& rules, Node& lower, Node added,
                       bool front) {
  std::unordered_set<std::string> names;
  const bool keyed = element.shape == Shape::Filter || rules.merge == Merge::Keyed;
  for (const Node& item : lower.items()) {
    if (keyed) names.insert(item_name(element, item, rules));
  }
  std::optional<NodeSet> known;
  if (rules.merge == Merge::Set) known.emplace(lower);
  std::vector<Node> fresh;
  for (Node& item : added.items()) {
    const std::string name = keyed ? item_name(element, item, rules) : std::string();
    if (!name.empty() && !names.insert(name).second) {
      reading_.error(item, quote(name) + " is in this list: change it by its name, without this");
      continue;
    }
    if (known && !known->add(item)) continue;
    fresh.push_back(alone(element, kNoRules, std::move(item)));
  }
  const auto place = front ? lower.items().begin() : lower.items().end();
  lower.items().insert(place, std::make_move_iterator(fresh.begin()),
                       std::make_move_iterator(fresh.end()));
}

void Merger::remove_items(const TypeInfo& element, const Rules& rules, Node& lower,
                          const Node& removed, bool optional, const KeyPath& list) {
  const bool keyed = element.shape == Shape::Filter || rules.merge == Merge::Keyed;
  const auto normal = ValueSchema{element, rules}.unwrapped().type.normal;
  const auto word_of = [&](const Node& item) {
    if (keyed) return item_name(element, item, rules);
    return normal == nullptr ? item.text() : normal(item.text()).value_or(item.text());
  };
  std::vector<std::string> known;
  for (const Node& item : lower.items()) known.push_back(word_of(item));
  std::unordered_multimap<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < known.size(); ++i) places.emplace(known[i], i);
  std::vector<bool> gone(known.size());
  for (const Node& item : removed.items()) {
    const std::string name = word_of(item);
    bool found = false;
    const auto [begin, end] = places.equal_range(name);
    for (auto one = begin; one != end; ++one) {
      const std::size_t place = one->second;
      const Node& known_item = lower.items()[place];
      const bool texts = known_item.is_scalar() && item.is_scalar();
      if (gone[place] || (keyed ? name.empty() : !texts && !same(known_item, item))) continue;
      gone[place] = found = true;
      if (keyed) note_deleted(element, list, name, lower.items()[place], item.where());
    }
    if (found || optional) continue;
    const std::string what = keyed && !name.empty() ? name : item.text();
    std::string message = "removes nothing: name the item that is meant";
    if (!what.empty()) {
      message =
          "there is no " + quote(what) +
          (known.empty() ? " below: there is no list, or nothing in it" : " in the list below");
      if (!reading_.diagnostics().full()) message += did_you_mean(what, known);
      message += "; $optional: true forgives that";
    }
    reading_.error(item, std::move(message));
  }
  std::vector<Node> kept;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!gone[i]) kept.push_back(std::move(lower.items()[i]));
  }
  lower.items() = std::move(kept);
}

Node Merger::alone(const TypeInfo& type, const Rules& rules, Node value) {
  switch (type.shape) {
    case Shape::Wrapper:
      return alone(type.element(), rules, std::move(value));
    case Shape::List: {
      Node list = Node::list(value.where());
      if (changes_list(value)) {
        change_list(type, rules, list, std::move(value));
        return list;
      }
      if (!value.is_list()) break;
      if (ValueSchema{type, rules}.keyed()) {
        merge_keyed(type.element(), rules, list, std::move(value));
        return list;
      }
      for (Node& item : value.items()) item = alone(type.element(), kNoRules, std::move(item));
      return value;
    }
    case Shape::Tree:
    case Shape::Custom:
      if (changes_list(value)) {
        Node list = Node::list(value.where());
        change_list(tree_type(), rules, list, std::move(value));
        return list;
      }
      break;
    default:
      break;
  }
  if (!value.is_map()) return value;
  Node map = Node::map(value.where());
  merge_map(type, rules, map, std::move(value));
  return map;
}

}  // namespace weir::config
