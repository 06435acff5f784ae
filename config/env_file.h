#pragma once

#include <string>

#include "config/interpolate.h"
#include "core/base/result.h"

namespace weir::config {

// `below` with the variables of the file at `path` above its own: lines of NAME=VALUE, the value as
// it stands or in quotes; empty lines, and those that begin with `#`, mean nothing. An error names
// the line. At most kMaxInterpolatedFile bytes.
Result<Environment> environment_with(const std::string& path,
                                     Environment below = process_environment());

}  // namespace weir::config
