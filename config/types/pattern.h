#pragma once

#include <string>
#include <string_view>

#include "config/schema.h"

namespace weir::config {

// A regular expression that was found sound.
struct Pattern {
  std::string text;
};

template <>
struct Custom<Pattern> {
  static constexpr std::string_view word = "regular expression";
  static constexpr std::string_view wanted = "a regular expression in the syntax of RE2";
  static bool read(const Node& node, Pattern& value, Reading& reading);
};

}  // namespace weir::config
