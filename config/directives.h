#pragma once

#include <array>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/reading.h"
#include "config/type_info.h"

namespace weir::config {

// A map of these stands in place of a list.
inline constexpr std::array<std::string_view, 4> kOfLists = {"$append", "$prepend", "$remove",
                                                             "$replace"};

// What a layer says about a value of a lower one, beside it or in its place: `$patch: delete`,
// `$before: NAME`, `$after: NAME`, and `$optional: true`, which forgives that it finds nothing.
struct Directives {
  enum class Place : unsigned char { Usual, Before, After };

  bool erase = false;
  bool optional = false;
  Place place = Place::Usual;
  std::string beside;  // the item that is meant by `place`
  Position where;      // of what says `beside`
};

inline constexpr const char* kLeavesNothing = "stands beside $patch: delete, which leaves nothing";

// Whether a key is a directive: it begins with one `$`.
bool is_directive(std::string_view key);

// Takes the directives out of a map, and leaves anything else alone. An item of a keyed list may be
// placed, other values may not. What is no directive here, or contradicts another, is reported.
Directives take_directives(Node& node, bool item, Reading& reading);

// What an item of a keyed list that is deleted says beside how it is named, or null; directives
// taken out of it.
const NodeEntry* beside_name(const TypeInfo& element, const Rules& rules, const Node& item);

// Whether a map stands in place of a list: `{ $append: [...] }`, `$prepend`, `$remove`, `$replace`.
bool changes_list(const Node& node);

}  // namespace weir::config
