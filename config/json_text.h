#pragma once

#include <string>

#include "config/node.h"

namespace weir::config {

// The tree as JSON, which is YAML too and reads as the same tree; every scalar is a string, but for
// those that literals.h knows.
std::string to_json(const Node& tree);

}  // namespace weir::config
