#pragma once

#include <cstdint>
#include <string>
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
  Position where;  // in the later one; of Removed in the earlier one

  friend bool operator==(const Difference&, const Difference&) = default;
};

// In the order of `after`, what is gone behind it. Items of keyed lists are compared by name, sets
// without regard of order, short forms as what they stand for; they are expanded in both trees.
std::vector<Difference> differences(const FilterSchema& filters, ValueSchema schema, Node& before,
                                    Node& after, Reading& reading);

}  // namespace weir::config
