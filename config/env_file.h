#pragma once

#include <string>
#include <vector>

#include "config/interpolate.h"
#include "core/base/result.h"

namespace weir::config {

// `below` with the variables of the file at `path` above its own: lines of NAME=VALUE, the value as
// it stands or in quotes; empty lines, and those that begin with `#`, mean nothing. What is wrong
// in it goes to `problems`, each with its line; an error is that it cannot be read. At most
// kMaxInterpolatedFile bytes.
Result<Environment> environment_with(const std::string& path, std::vector<Error>& problems,
                                     Environment below = process_environment());

}  // namespace weir::config
