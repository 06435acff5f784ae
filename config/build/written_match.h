#pragma once

#include "config/reading.h"
#include "core/route/match.h"

namespace weir::config {

// Adds to `match` what may be shown of the keys whose values came from variables and files.
// `reading` is at what the match is of.
void note_written(route::Match& match, const Reading& reading);

}  // namespace weir::config
