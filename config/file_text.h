#pragma once

#include <cstddef>
#include <string>

#include "core/base/result.h"

namespace weir::config {

// Whether what is no file, such as a pipe or a device, is read: that could wait without end.
enum class Pipes : bool { Refused, Awaited };

// What is in the file at `path`, or the first `most` bytes of it. Where pipes are refused this
// waits for nobody, but for the file system.
Result<std::string> file_text(const std::string& path, std::size_t most, Pipes pipes);

}  // namespace weir::config
