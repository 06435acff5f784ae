#pragma once

#include <functional>
#include <string>

#include "config/node.h"

namespace weir::config {

// What is said behind the line of a value, as a comment.
using LineNote = std::function<std::string(const Node& value)>;

// The tree as YAML that reads as the same tree again, `${…}` as written. Lists of short texts stand
// in one line, but with notes, of which every text and everything empty has one.
std::string to_yaml(const Node& tree, const LineNote& note = nullptr);

}  // namespace weir::config
