#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/filter_schema.h"
#include "config/node.h"
#include "config/reading.h"

namespace weir::config {

// One thing in which two merged configurations differ.
struct Difference {
  enum class Kind : std::uint8_t { Added, Removed, Changed, Moved };

  Kind kind = Kind::Changed;
  std::string path;
  // Texts of Changed, hidden when they are secret; of Added and Removed the one that there is, when
  // it is a text.
  std::string before;
  std::string after;
  Position where;              // in the later one; of Removed in the earlier one
  std::string_view waits_for;  // as Rules say it
  bool other_values = false;   // only the values of its `${…}` differ
  bool other_content = false;  // of a file: only what is in it

  friend bool operator==(const Difference&, const Difference&) = default;
};

// One of two configurations. What `reading` reports is of no interest; its variables are those that
// the values of the tree are compared with.
struct DiffSide {
  Node& tree;
  Reading& reading;
};

// In the order of `after`, what is gone behind it. Items of keyed lists are compared by name, those
// without one with those that they are most like by their order, lists without an order as such,
// short forms as what they stand for, `${…}` by its value where there is one. Short forms are
// expanded in both trees.
std::vector<Difference> differences(const FilterSchema& filters, ValueSchema schema,
                                    DiffSide before, DiffSide after);

}  // namespace weir::config
