#include "config/directives.h"

#include <algorithm>
#include <array>

#include "config/filter_item.h"
#include "config/schema.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config {
namespace {

constexpr std::array<std::string_view, 4> kBeside = {"$patch", "$before", "$after", "$optional"};

void take_patch(const Node& value, Directives& taken, Reading& reading) {
  if (value.text() == "delete") {
    taken.erase = true;
  } else {
    reading.error(value, "expected delete, which is all that $patch knows");
  }
}

void take_place(const NodeEntry& entry, Directives::Place place, Directives& taken,
                Reading& reading) {
  if (taken.place != Directives::Place::Usual) {
    reading.error(entry.where, "an item stands in one place: write $before or $after");
  } else if (config::read(entry.value, taken.beside, reading)) {
    taken.place = place;
    taken.where = entry.value.where();
  }
}

bool is_known(std::string_view key, std::span<const std::string_view> keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void out_of_place(const NodeEntry& entry, bool item, Reading& reading) {
  if (is_known(entry.key, kOfLists) && !item) {
    reading.error(entry.where,
                  quote(entry.key) + " is for lists, and here is a map: name what is meant");
  } else if (is_known(entry.key, kOfLists)) {
    reading.error(entry.where, "stands in place of a list, and nothing else stands beside it");
  } else if (is_known(entry.key, kBeside)) {
    reading.error(entry.where, "places an item of a list whose items have names");
  } else {
    std::string what = "unknown directive" + did_you_mean(entry.key, kBeside);
    if (reading.path().text().find(".match.") != std::string::npos) {
      what += "; the name " + entry.key + " is written $" + entry.key;
    }
    reading.error(entry.where, std::move(what));
  }
}

}  // namespace

bool is_directive(std::string_view key) {
  return key.starts_with('$') && !key.starts_with("$$");
}

Directives take_directives(Node& node, bool item, Reading& reading) {
  Directives taken;
  auto& entries = node.entries();
  const auto directs = [](const NodeEntry& entry) { return is_directive(entry.key); };
  if (std::none_of(entries.begin(), entries.end(), directs)) return taken;
  const std::size_t errors_before = reading.diagnostics().errors();
  Position optional;
  for (const NodeEntry& entry : entries) {
    if (!directs(entry)) continue;
    const auto step = reading.enter(entry.key);
    if (entry.key == "$patch") {
      take_patch(entry.value, taken, reading);
    } else if (entry.key == "$optional") {
      config::read(entry.value, taken.optional, reading);
      optional = entry.where;
    } else if (item && entry.key == "$before") {
      take_place(entry, Directives::Place::Before, taken, reading);
    } else if (item && entry.key == "$after") {
      take_place(entry, Directives::Place::After, taken, reading);
    } else {
      out_of_place(entry, item, reading);
    }
  }
  std::erase_if(entries, directs);
  if (taken.erase && !item && !entries.empty()) {
    reading.error(entries.front().where, kLeavesNothing);
  }
  const bool unused = !taken.erase && taken.place == Directives::Place::Usual;
  if (optional.known() && unused && reading.diagnostics().errors() == errors_before) {
    reading.error(optional, "$optional goes with $patch, $before or $after");
  }
  return taken;
}

const NodeEntry* beside_name(const TypeInfo& element, const Rules& rules, const Node& item) {
  const bool filter = element.shape == Shape::Filter;
  const NodeEntry* const type = filter ? filter_type(item) : nullptr;
  const auto names = [&](const NodeEntry& entry) {
    if (entry.key == (filter ? "name" : rules.key) || entry.key == rules.other_key) return true;
    if (!filter) return item.entry(rules.key) == nullptr;  // named by all that it says
    const bool by_settings = item.entry("name") == nullptr && filter_name(item) != entry.key;
    return entry.key == "use" ||
           (&entry == type && (entry.value.is_null() || by_settings ||
                               (entry.value.is_map() && entry.value.entries().empty())));
  };
  const auto found = std::find_if_not(item.entries().begin(), item.entries().end(), names);
  return found == item.entries().end() ? nullptr : &*found;
}

bool changes_list(const Node& node) {
  return std::any_of(node.entries().begin(), node.entries().end(),
                     [](const NodeEntry& entry) { return is_known(entry.key, kOfLists); });
}

}  // namespace weir::config
