#pragma once

#include <array>
#include <string>
#include <string_view>

#include "config/node.h"

namespace weir::config {

// One item of a list of filters, as it is written: `TYPE`, or a map of one type and its settings
// with `name`, `enabled` and directives; or `{ use: SET }`. Which types there are is known to those
// who build a Snapshot.
struct FilterItem {
  Node node;
};

// Brings `TYPE` alone into the long notation; leaves anything else as it is.
void expand_filter(Node& item);

// The entry of the type, or null when the item names none: `{ name: auth, enabled: false }`.
const NodeEntry* filter_type(const Node& item);

// The keys that an item may have of its own, directives included.
inline constexpr std::array<std::string_view, 7> kItemKeys = {
    "name", "enabled", "use", "$patch", "$before", "$after", "$optional"};

// What switches a filter on or off, or null: `enabled`, or the value of its type.
const Node* filter_switch(const Node& item);

// Whether a key of an item is of its own and neither its type nor one of its settings.
bool is_item_key(std::string_view key);

// How an item is known in its list: its `name`, else the id of a plugin, the file of a script
// without folder and ending, or the type. Empty for `use`.
std::string filter_name(const Node& item);

}  // namespace weir::config
