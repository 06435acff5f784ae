#pragma once

#include <string>
#include <vector>

#include "core/route/match.h"
#include "core/route/named_value.h"

namespace weir::route {

// A value that a route insists on: one of `values`, exactly.
struct ExactKey {
  ValueName name;
  std::vector<std::string> values;
};

// All of a Match: methods, headers, query parameters, cookies and variables with nothing but exact
// values, and ports that are no ranges.
std::vector<ExactKey> exact_keys(const Match& match);

// Whether this is an exact text and not `not:`.
bool is_exact(const TextMatch& match);

}  // namespace weir::route
