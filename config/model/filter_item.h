#pragma once

#include <string_view>

#include "config/schema.h"

namespace weir::config {

// One item of a list of filters, as it is written: which filters there are is known to those who
// build a Snapshot.
struct FilterItem {
  Node node;
};

template <>
struct Custom<FilterItem> {
  static constexpr std::string_view word = "filter";
  static constexpr std::string_view wanted = "a filter";
  static bool read(const Node& node, FilterItem& value, Reading&) {
    value.node = node;
    return true;
  }
};

}  // namespace weir::config
