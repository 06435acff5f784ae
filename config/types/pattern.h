#pragma once

#include <string>
#include <string_view>

#include "config/schema.h"

namespace weir::config {

// A regular expression.
struct Pattern {
  std::string text;
  bool sound = false;  // false when it could not be read, which was reported
};

template <>
struct Custom<Pattern> {
  static constexpr std::string_view word = "regular expression";
  static constexpr std::string_view wanted = "a regular expression in the syntax of RE2";
  static constexpr bool one_text = true;
  static bool read(const Node& node, Pattern& value, Reading& reading);
};

}  // namespace weir::config
