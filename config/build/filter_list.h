#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/build/filter_types.h"
#include "config/model/file.h"
#include "config/reading.h"

namespace weir::config {

// One item of a list of filters, its notation resolved. `{ TYPE: settings }` with `name` and
// `enabled`; `off`, `false`, `on` and `true` in place of the settings are `enabled` alone.
struct ListedFilter {
  std::string name;  // `name`, else the type
  std::string type;  // empty when the item only names a filter of a chain
  // Absent when the item says nothing but whether a filter is on.
  std::optional<Node> settings;
  std::optional<bool> enabled;
  // The path of the settings, and the place of the item: its identity too, also when it came from
  // a set.
  std::string path;
  const Node* item = nullptr;
  // In the set that it came from; null when it is written in the list.
  const ListedFilter* of_set = nullptr;
  // The item `use` that brought it or what it changes, or null, and the path of that.
  const Node* use = nullptr;
  std::string use_path;
  // The filter of a set that it changes, `settings` being what both come to; or null.
  const ListedFilter* changes = nullptr;
  // It could not be read; the type may be known nevertheless.
  bool broken = false;

  Position where() const { return item->where(); }
  // What gave it its place in the list.
  Position stands_at() const { return use == nullptr ? where() : use->where(); }
};

// Reads lists of filters, in which `use: SET` stands for the items of a set. An item behind it that
// has the name of one of those changes it in its place, as a higher layer would.
class FilterLists {
 public:
  using Sets = Map<std::vector<FilterItem>>;

  // Both live as long as what is read.
  FilterLists(const FilterTypes& types, const Sets& sets);

  // Reads all sets. False when there was a problem, as of the next; it was reported.
  bool read_sets(Reading reading);
  // Adds the items of the list at the path of `reading` to `filters`.
  bool read(const std::vector<FilterItem>& items, Reading& reading,
            std::vector<ListedFilter>& filters);

  struct Set {
    const Named<std::vector<FilterItem>>& written;
    std::vector<ListedFilter> filters;
    bool used = false;
  };
  const std::vector<Set>& sets() const { return sets_; }
  // How to switch off what the set of that name has; empty when there is none.
  std::string hint_of_set(std::string_view name) const;

 private:
  std::string unknown(const NodeEntry& entry) const;
  std::string misplaced_setting(const Node& item, const NodeEntry& entry) const;
  bool change_those_of_sets(std::vector<ListedFilter>& filters, Reading& reading);
  bool change(ListedFilter& of_set, ListedFilter item, Reading& reading) const;
  bool read_item(const Node& item, Reading& reading, std::vector<ListedFilter>& filters);
  bool read_short(const Node& item, Reading& reading, ListedFilter& filter);
  bool read_map(const Node& item, Reading& reading, ListedFilter& filter);
  bool read_settings(const NodeEntry& entry, Reading& reading, ListedFilter& filter);
  bool use(const Node& item, const NodeEntry& entry, Reading& reading,
           std::vector<ListedFilter>& filters);

  const FilterTypes& types_;
  std::vector<Set> sets_;
  bool in_set_ = false;
};

// Reports that a filter cannot stand where it does: one of a set may do so elsewhere, and `use` is
// what is wrong. Always false.
bool report_place(const ListedFilter& listed, const Reading& reading, const std::string& message);

// No two filters of one list have one name. False when that is not so; it was reported.
bool check_names(const std::vector<ListedFilter>& filters, Reading& reading);

}  // namespace weir::config
