#include <algorithm>

#include "config/filter_item.h"
#include "config/merge.h"
#include "config/values.h"
#include "core/base/suggest.h"

// What a merger says of items that may be meant for others of a lower layer.
namespace weir::config {
namespace {

// Whether the keys of a map are names that people give to what they write there.
bool names_things(const TypeInfo& map) {
  const Shape below = map.element().shape;
  return below == Shape::Struct || below == Shape::List;
}

}  // namespace

Merger::Below Merger::below_of(const Node& map) {
  Below below;
  for (const NodeEntry& entry : map.entries()) {
    below.names.push_back(entry.key);
    below.places.push_back(entry.where);
  }
  return below;
}

void Merger::hint_of_entry(const TypeInfo& map, const NodeEntry& entry, const Below& below) {
  hint(entry.value, entry.key, below);
  if (names_things(map)) tell_slip(entry.where, entry.key, below);
  // What stands in a list of its own by mistake is found out item by item.
  for (const Node& item : entry.value.items()) hint(item, entry.key, below);
}

void Merger::hint(const Node& item, std::string_view name, const Below& below) {
  // So many problems are told at most.
  if (hints_ == Diagnostics::kMaxKept) return;
  ++hints_;
  const std::vector<std::string_view> names(below.names.begin(), below.names.end());
  const std::string_view meant = nearest(name, names);
  if (meant.empty()) return;
  const auto found = std::find(below.names.begin(), below.names.end(), meant);
  const Position where = below.places[static_cast<std::size_t>(found - below.names.begin())];
  if (where.source == item.where().source) return;
  reading_.diagnostics().set_meant(item.where(), std::string(meant), where);
  // What a few filters lack that were meant for the chain below.
  const Node* const filters = item.find("filters");
  if (filters == nullptr) return;
  for (const Node& filter : filters->items()) {
    reading_.diagnostics().set_meant(filter.where(), std::string(meant), where);
  }
}

void Merger::hint_of_nameless(const Node& item, const KeyedList& list) {
  if (hints_ == Diagnostics::kMaxKept) return;
  ++hints_;
  reading_.diagnostics().set_nameless(item.where());
  const Node* const match = item.find("match");
  for (std::size_t place = 0; match != nullptr && place < list.size(); ++place) {
    const Node* const below = list.item(place).find("match");
    const std::string& name = list.names()[place];
    if (below == nullptr || name.empty() || !same(*below, *match)) continue;
    reading_.diagnostics().set_meant(item.where(), name, list.item(place).where());
    return;
  }
}

void Merger::tell_slip(Position where, std::string_view name, const Below& below) {
  if (hints_ == Diagnostics::kMaxKept) return;
  const auto meant = std::find_if(below.names.begin(), below.names.end(),
                                  [name](std::string_view other) { return is_slip(name, other); });
  if (meant == below.names.end()) return;
  const Position there = below.places[static_cast<std::size_t>(meant - below.names.begin())];
  if (there.source == where.source) return;
  reading_.diagnostics().add_if_sound(
      {Severity::Note, where, reading_.path().text(), "is new here", {}, *meant, there});
}

void Merger::hint_of_item(const TypeInfo& element, const Node& item, std::string_view name,
                          const KeyedList& list, std::optional<Below>& below) {
  if (name.empty()) return hint_of_nameless(item, list);
  if (!below) {
    below.emplace(Below{list.names(), {}});
    for (std::size_t i = 0; i < list.size(); ++i) below->places.push_back(list.item(i).where());
  }
  hint(item, name, *below);
  if (element.shape == Shape::Filter) reading_.diagnostics().set_added(item.where());
  if (item.find("name") != nullptr) tell_slip(item.where(), name, *below);
}

void Merger::note_kept_off(const Node& lower, const Node& item, const Directives& said) {
  const Node* const on = filter_switch(lower);
  if (on == nullptr || !is_off(on->text()) || filter_switch(item) != nullptr) return;
  const NodeEntry* const type = filter_type(item);
  if (item.is_map() && type == nullptr) return;
  const bool has_settings = type != nullptr && !type->value.entries().empty();
  if (said.place != Directives::Place::Usual && !has_settings) return;
  reading_.diagnostics().set_kept_off(on->where(), item.where());
}

}  // namespace weir::config
