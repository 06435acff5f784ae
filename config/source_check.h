#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "config/diagnostics.h"
#include "config/reader.h"
#include "config/sources.h"

namespace weir::config {

// Whether the text of `source` may be given to the YAML parser at all: it is UTF-8 without control
// characters (some of which end its input early), within the limits of size, and nests and has
// values in `[ ]` and `{ }` only so much that what the parser queues stays bounded. Otherwise the
// first reason is reported.
bool check_source(const Sources& sources, std::uint32_t source, const Limits& limits,
                  Diagnostics& diagnostics);

// The length of the UTF-8 sequence at the start of `text`, 0 when there is no valid one.
std::size_t utf8_length(std::string_view text);

}  // namespace weir::config
