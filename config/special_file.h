#pragma once

#include <string>

#include "core/base/result.h"

namespace weir::config {

// An error when there is something else than a file at `path`, such as a pipe or a device: reading
// that could wait without end. What is not there at all is for those who open it.
Result<void> refuse_special_file(const std::string& path);

}  // namespace weir::config
