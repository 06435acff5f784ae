#pragma once

#include <string>

#include "config/node.h"

namespace weir::config {

// The tree as YAML that reads as the same tree again, `${…}` as written. Lists of short texts stand
// in one line.
std::string to_yaml(const Node& tree);

}  // namespace weir::config
