#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/directives.h"
#include "config/filter_schema.h"
#include "config/keyed_list.h"
#include "config/node.h"
#include "config/placing.h"
#include "config/reading.h"
#include "config/type_info.h"

namespace weir::config {

// Puts layers over each other, the lowest first, by what the schema says of each value and never by
// a look at its content. Values keep the place where they were written, and know the one that they
// took the place of; directives are gone, but where they mean nothing, in the items of a list that
// is replaced as a whole. Whether a value is sound is found out by reading the
// result. Not thread-safe.
class Merger {
 public:
  // Both outlive the merger. Problems go to `reading`.
  Merger(const FilterSchema& filters, Reading& reading) : filters_(filters), reading_(reading) {}

  // Puts `upper` over `lower`, which is an empty map before the first layer.
  void merge(const TypeInfo& type, Node& lower, Node upper);

  // Sources of which none is meant to be above the other, as the files of one directory are: a text
  // that one of them sets and another sets differently is worth a warning.
  void set_equals(std::vector<std::uint32_t> sources) { equals_ = std::move(sources); }

 private:
  using Words = std::function<std::vector<std::string_view>()>;
  // What a list or map had before a layer was put over it.
  struct Below {
    std::vector<std::string> names;
    std::vector<Position> places;
  };

  void merge_value(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_map(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_struct(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_filter(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_list(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void merge_keyed(const TypeInfo& element, const Rules& rules, Node& lower, Node upper);
  std::vector<LayerItem> take_items(const TypeInfo& element, const Rules& rules, Node& layer,
                                    KeyedList& list);
  void change_list(const TypeInfo& type, const Rules& rules, Node& lower, Node upper);
  void add_items(const TypeInfo& element, const Rules& rules, Node& lower, Node added, bool front);
  void remove_items(const TypeInfo& element, const Rules& rules, Node& lower, const Node& removed,
                    bool optional, const KeyPath& list);
  void tell_of_empty(const Rules& rules, const Node& lower, const Node& upper);
  void unite(Node& lower, Node upper);
  void replace(Node& lower, Node upper);
  void refuse_replace(const Node& item);
  // A value that lies over nothing: without its directives.
  Node alone(const TypeInfo& type, const Rules& rules, Node value);

  bool takes_all(const TypeInfo& element, const Node& item) const;
  // The place of the item that `said` names, or none; what is missing is reported. `path` is that
  // of the list.
  std::size_t find_beside(const TypeInfo& element, const KeyedList& list, const KeyPath& path,
                          const Directives& said);
  void erase_item(const TypeInfo& element, KeyedList& list, std::size_t place, const Node& item,
                  std::string_view name, bool optional, const KeyPath& path);
  // Notes that `by` takes `item` out of the list at `path`: a filter by its type too.
  void note_deleted(const TypeInfo& element, const KeyPath& path, std::string_view name,
                    const Node& item, Position by);
  // Why a name that is used at `where` is not `known`: what was at `path` is deleted, or another is
  // meant.
  std::string missing(const std::string& path, Position where, std::string_view name,
                      const Words& known) const;
  // The same of an item of a list.
  std::string missing_item(const TypeInfo& element, const KeyedList& list, const std::string& path,
                           Position where, std::string_view name) const;
  // Notes that `item` says more of a filter that is off below than where it stands.
  void note_kept_off(const Node& lower, const Node& item, const Directives& said);
  // Takes out of an item what only says which one of the list below is meant.
  static void drop_name(const TypeInfo& element, const Rules& rules, const Node& lower, Node& item);
  // Says what was probably meant, if `item` turns out not to stand by itself.
  void hint(const Node& item, std::string_view name, const Below& below);
  // Both for what is new in a list, of which `below` is known after the first.
  void hint_of_item(const TypeInfo& element, const Node& item, std::string_view name,
                    const KeyedList& list, std::optional<Below>& below);
  // The same of one without a name, which may be meant for the one of the same match.
  void hint_of_nameless(const Node& item, const KeyedList& list);
  // Notes a new name at `where` that is one slip away from one of another layer.
  void tell_slip(Position where, std::string_view name, const Below& below);
  // Both for what is new in a map.
  void hint_of_entry(const TypeInfo& map, const NodeEntry& entry, const Below& below);
  static Below below_of(const Node& map);

  const FilterSchema& filters_;
  Reading& reading_;
  std::vector<std::uint32_t> equals_;
  Placings placings_;
  std::size_t hints_ = 0;
};

}  // namespace weir::config
