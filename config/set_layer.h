#pragma once

#include <optional>
#include <string_view>

#include "config/filter_schema.h"
#include "config/node.h"
#include "config/reading.h"
#include "config/sources.h"
#include "core/base/result.h"

namespace weir::config {

// One value that is set on the command line: `listeners.web.address=0.0.0.0:80`.
struct Assignment {
  std::string_view path;
  // Text, taken as it is, or YAML when it is in braces or in brackets from end to end.
  std::string_view value;
};

// The first `=` that is not inside of brackets parts them.
Result<Assignment> parse_assignment(std::string_view text);

// The layer that sets it over `lower`, whose items its path may name; short forms on the way there
// are expanded. The layer is a source of its own, `--set PATH`. Without one the problem was
// reported.
std::optional<Node> make_set_layer(const Assignment& assignment, const FilterSchema& filters,
                                   ValueSchema schema, Node& lower, Sources& sources,
                                   Reading& reading);

}  // namespace weir::config
