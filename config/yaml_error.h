#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/position.h"

namespace weir::config {

// Where the YAML parser stopped, and what it said.
struct YamlError {
  std::string_view text;   // the line
  std::size_t column = 0;  // from 0
  std::string_view message;
  // Where the innermost bracket stands that was open.
  std::optional<Position> open_bracket;
};

// Says in Weir's words what is wrong and what to do: mostly, to quote a value that YAML takes for
// something else.
std::string explain(const YamlError& error);

}  // namespace weir::config
