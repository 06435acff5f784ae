#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/interpolate.h"
#include "core/base/result.h"

namespace weir::config {

// A line that is none of a variable.
struct EnvProblem {
  std::uint32_t line = 0;  // both from 1, of bytes
  std::uint32_t column = 0;
  std::string message;
  bool lost = true;  // whether there may be a variable that is not known now
};

// `below` with the variables of the file at `path` above its own: lines of NAME=VALUE, the value as
// it stands or in quotes; empty lines, and those that begin with `#`, mean nothing. What is wrong
// in it goes to `problems`, and of two lines of one name the first counts; an error is that it
// cannot be read. At most kMaxInterpolatedFile bytes.
Result<Environment> environment_with(const std::string& path, std::vector<EnvProblem>& problems,
                                     Environment below = process_environment());

}  // namespace weir::config
