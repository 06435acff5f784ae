#include "config/build/filter_list.h"

#include <algorithm>
#include <utility>

#include "config/build/scope.h"
#include "config/filter_item.h"
#include "config/merge.h"
#include "config/schema.h"
#include "config/values.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config {

namespace {

bool holds(const std::vector<ListedFilter>& set, const ListedFilter& filter) {
  return std::any_of(set.begin(), set.end(),
                     [&filter](const ListedFilter& one) { return &one == &filter; });
}

// Puts the settings of `item` over those of the filter that it changes, which are in `lower`.
void merge_settings(const FilterSchema& filters, ListedFilter& item, Node& lower,
                    Reading& reading) {
  const auto type = filters.types.find(item.type);
  if (type == filters.types.end()) return;
  Merger(filters, reading).merge(*type->second.settings, lower, *std::move(item.settings));
}

// Why two lists have become one, if that is so.
std::string why_moved(const ListedFilter& item, const Reading& reading) {
  const Position by = reading.diagnostics().moved_by(item.where());
  if (!by.known()) return {};
  return ", and goes to accept with what is written " + reading.named_place(by, item.where());
}

}  // namespace

FilterLists::FilterLists(const FilterTypes& types, const Sets& sets) : types_(types) {
  for (const auto& set : sets) sets_.push_back({set, {}, false});
}

bool FilterLists::read_sets(Reading reading) {
  const auto step = reading.enter("filter_sets");
  in_set_ = true;
  bool ok = true;
  for (Set& set : sets_) {
    const auto inner = reading.enter(set.written.name);
    if (!read(set.written.value, reading, set.filters)) ok = false;
    if (!check_names(set.filters, reading)) ok = false;
  }
  in_set_ = false;
  return ok;
}

bool FilterLists::read(const std::vector<FilterItem>& items, Reading& reading,
                       std::vector<ListedFilter>& filters) {
  bool ok = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string name = filter_name(items[i].node);
    const auto step = name.empty() ? reading.enter(i) : reading.enter(name);
    if (!read_item(items[i].node, reading, filters)) ok = false;
  }
  return (in_set_ || change_those_of_sets(filters, reading)) && ok;
}

// Puts each item that has the name of a filter of a set before it in the place of that.
bool FilterLists::change_those_of_sets(std::vector<ListedFilter>& filters, Reading& reading) {
  bool ok = true;
  for (std::size_t i = 0; i < filters.size();) {
    const ListedFilter& item = filters[i];
    const auto end = filters.begin() + static_cast<std::ptrdiff_t>(i);
    const auto of_set = std::find_if(filters.begin(), end, [&](const ListedFilter& one) {
      return one.of_set != nullptr && one.name == item.name;
    });
    if (of_set == end || item.of_set != nullptr || item.name.empty()) {
      ++i;
      continue;
    }
    if (!change(*of_set, std::move(filters[i]), reading)) ok = false;
    filters.erase(end);
  }
  return ok;
}

bool FilterLists::change(ListedFilter& of_set, ListedFilter item, Reading& reading) const {
  const bool broken = item.broken || of_set.broken;
  Reading inside = reading.at(item.path);
  if (!broken && reading.diagnostics().moved_by(item.where()).known()) {
    return inside.error(item.where(), quote(item.name) + " comes from a set too, " +
                                          reading.named_place(of_set.where(), item.where()) +
                                          why_moved(item, reading) +
                                          ": give this one a name of its own");
  }
  if (!broken && !item.type.empty() && item.type != of_set.type) {
    return inside.error(item.where(), quote(item.name) + " comes from a set too, " +
                                          reading.named_place(of_set.where(), item.where()) +
                                          ", and is of the type " + quote(of_set.type) +
                                          " there: give this one a name of its own");
  }
  item.type = of_set.type;
  item.broken = broken;
  item.changes = of_set.of_set;
  item.use = of_set.use;
  item.use_path = of_set.use_path;
  if (!item.enabled) item.enabled = of_set.enabled;
  if (of_set.settings && !broken) {
    Node both = *of_set.settings;
    if (item.settings) merge_settings(types_.schema(), item, both, inside);
    item.settings = std::move(both);
  }
  of_set = std::move(item);
  return !broken;
}

bool FilterLists::read_item(const Node& item, Reading& reading,
                            std::vector<ListedFilter>& filters) {
  if (const NodeEntry* entry = item.entry("use")) return use(item, *entry, reading, filters);
  ListedFilter filter;
  filter.item = &item;
  filter.path = reading.path().text();
  filter.broken =
      item.is_map() ? !read_map(item, reading, filter) : !read_short(item, reading, filter);
  if (filter.name.empty()) filter.name = filter_name(item);
  const bool ok = !filter.broken;
  if (const Node* const on = filter_switch(item); ok && on != nullptr) {
    reading.warn_if_kept_off(*on);
  }
  filters.push_back(std::move(filter));
  return ok;
}

bool FilterLists::read_short(const Node& item, Reading& reading, ListedFilter& filter) {
  if (item.is_null()) return false;  // it was told of when it was read
  if (!item.is_scalar()) {
    return reading.error(item, "expected a filter, found " + std::string(item.kind_word()));
  }
  auto type = reading.text(item);
  if (!type) return false;
  if (!types_.known(*type)) {
    return reading.error(item, reading.told(item.where(), config_error(types_.unknown(*type)),
                                            "the value names no filter"));
  }
  filter.type = *std::move(type);
  filter.settings = Node::map(item.where());
  return true;
}

bool FilterLists::read_map(const Node& item, Reading& reading, ListedFilter& filter) {
  const NodeEntry* type = nullptr;
  bool ok = true;
  for (const NodeEntry& entry : item.entries()) {
    if (entry.key == "name") {
      const auto step = reading.enter("name");
      Rules rules;
      rules.name = true;
      if (!config::read(type_info<std::string>(), entry.value, &filter.name, rules, reading)) {
        ok = false;
      }
      if (ok && filter.name.empty()) ok = reading.error(entry.value, "a name may not be empty");
    } else if (entry.key == "enabled") {
      const auto step = reading.enter("enabled");
      if (!config::read(entry.value, filter.enabled.emplace(), reading)) ok = false;
    } else if (!types_.known(entry.key)) {
      const std::string setting = misplaced_setting(item, entry);
      ok = reading.error(entry.where, setting.empty() ? unknown(entry) : setting);
    } else if (type != nullptr) {
      ok = reading.error(entry.where, quote(type->key) + " and " + quote(entry.key) +
                                          " are two filters: write two items");
    } else {
      type = &entry;
      filter.type = entry.key;
    }
  }
  if (type != nullptr) return read_settings(*type, reading, filter) && ok;
  if (!ok || (!filter.name.empty() && filter.enabled)) return ok;
  if (reading.unread(item.where())) return false;
  return reading.error(item, filter.name.empty()
                                 ? "names no filter"
                                 : "says nothing of " + quote(filter.name) +
                                       ": write its type, or enabled: false to switch it off");
}

std::string FilterLists::hint_of_set(std::string_view name) const {
  for (const Set& set : sets_) {
    if (set.written.name != name) continue;
    const std::string first = set.filters.empty() ? "NAME" : set.filters.front().name;
    return quote(name) +
           " is a set: its filters are switched off one by one, as by { name: " + first +
           ", enabled: false }";
  }
  return {};
}

// Of a key that is no type: a setting of the filter that the item has, or means by its name.
std::string FilterLists::misplaced_setting(const Node& item, const NodeEntry& entry) const {
  const Node* const name = item.find("name");
  std::string type = name == nullptr ? std::string() : name->text();
  for (const NodeEntry& other : item.entries()) {
    if (!is_item_key(other.key) && types_.known(other.key)) type = other.key;
  }
  return types_.schema().misplaced_setting(type, name == nullptr ? type : name->text(), entry);
}

// Of a key that is no type: who switches something off by it may mean a name.
std::string FilterLists::unknown(const NodeEntry& entry) const {
  const std::string message = types_.unknown(entry.key, kItemKeys);
  if (is_switch(entry.key)) {
    return "there is no filter " + quote(entry.key) +
           ": write enabled: " + (is_off(entry.key) ? "false" : "true");
  }
  const Node* const enabled = entry.value.find("enabled");
  const Node& value = enabled == nullptr ? entry.value : *enabled;
  if (!value.is_scalar() || !is_switch(value.text())) return message;
  if (const std::string of_set = hint_of_set(entry.key); !of_set.empty()) {
    return "there is no filter " + quote(entry.key) + "; " + of_set;
  }
  if (message.ends_with('?')) return message;
  return message + "; one of that name is switched by { name: " + clipped(entry.key) +
         ", enabled: " + (is_off(value.text()) ? "false" : "true") + " }";
}

bool FilterLists::read_settings(const NodeEntry& entry, Reading& reading, ListedFilter& filter) {
  if (entry.value.is_null()) {
    const bool needs_some = types_.needs_settings(entry.key);
    return reading.error(
        entry.where, needs_some
                         ? "has no value: its settings stand below it, further in"
                         : "has no value: write " + quote(entry.key) + " alone for all defaults");
  }
  if (const NodeEntry* const enabled = entry.value.entry("enabled")) {
    return reading.error_below("enabled", enabled->where,
                               "is no setting: it stands beside " + quote(entry.key) +
                                   ", as in { " + entry.key + ": off }");
  }
  if (!entry.value.is_scalar()) {
    filter.settings = entry.value;
    return true;
  }
  const auto text = reading.text(entry.value);
  if (!text) return false;
  if (!is_switch(*text)) {
    filter.settings = entry.value;
    return true;
  }
  if (filter.enabled && *filter.enabled != !is_off(*text)) {
    return reading.error(entry.value, reading.quoted(entry.value.where(), *text) +
                                          " and enabled contradict each other");
  }
  filter.enabled = !is_off(*text);
  return true;
}

bool FilterLists::use(const Node& item, const NodeEntry& entry, Reading& reading,
                      std::vector<ListedFilter>& filters) {
  const std::string path = reading.path().text();
  const NodeEntry* beside = item.entry("enabled");
  for (const NodeEntry& one : item.entries()) {
    if (beside == nullptr && one.key != "use") beside = &one;
  }
  if (beside != nullptr) {
    const std::string of_set =
        beside->key == "enabled" ? hint_of_set(entry.value.text()) : std::string();
    return reading.error_below(beside->key, beside->where,
                               of_set.empty()
                                   ? "'use' stands alone: what a set has is written in the set"
                                   : "'use' stands alone; " + of_set);
  }
  const auto step = reading.enter("use");
  std::string name;
  if (!config::read(entry.value, name, reading)) return false;
  if (in_set_) return reading.error(entry.value, "a set may not use another");
  std::vector<std::string_view> names;
  for (Set& set : sets_) {
    names.push_back(set.written.name);
    if (set.written.name != name) continue;
    const bool again = std::any_of(filters.begin(), filters.end(), [&](const ListedFilter& one) {
      return one.of_set != nullptr && holds(set.filters, *one.of_set);
    });
    if (again)
      return reading.error(
          entry.value, reading.quoted(entry.value.where(), name) + " is used in this list already");
    set.used = true;
    for (const ListedFilter& filter : set.filters) {
      ListedFilter& listed = filters.emplace_back(filter);
      listed.of_set = &filter;
      listed.use = &item;
      listed.use_path = path;
    }
    return true;
  }
  report_unknown("filter_sets", "set", name, names, entry.value, reading);
  return false;
}

bool report_place(const ListedFilter& listed, const Reading& reading, const std::string& message) {
  if (listed.use == nullptr) return reading.at(listed.path).error(listed.where(), message);
  const Position written = listed.changes == nullptr ? listed.where() : listed.changes->where();
  return reading.at(listed.use_path)
      .error(listed.stands_at(),
             message + " (the filter is " + reading.named_place(written, listed.stands_at()) + ')');
}

bool check_names(const std::vector<ListedFilter>& filters, Reading& reading) {
  std::unordered_map<std::string_view, const ListedFilter*> known;
  bool ok = true;
  for (const ListedFilter& filter : filters) {
    if (filter.broken || filter.name.empty()) continue;
    const auto [other, is_new] = known.try_emplace(filter.name, &filter);
    if (is_new) continue;
    const ListedFilter& first = *other->second;
    // That it cannot stand there at all was said.
    if (reading.unread(filter.where()) || reading.unread(filter.stands_at())) continue;
    if (filter.of_set != nullptr && first.of_set == nullptr) {
      ok = reading.error(first.where(),
                         quote(first.name) + " comes from a set too, " +
                             reading.named_place(filter.where(), first.where()) +
                             ": to change that one write this behind use, else give it a name of "
                             "its own");
      continue;
    }
    const std::string place = reading.named_place(first.where(), filter.stands_at());
    const std::string message = "another filter " + place + " is called " + quote(filter.name) +
                                " too" + why_moved(filter, reading) +
                                ": give each a name of its own";
    ok = filter.use == nullptr ? reading.error(filter.where(), message)
                               : report_place(filter, reading, message);
  }
  return ok;
}

}  // namespace weir::config
