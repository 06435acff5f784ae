#pragma once

#include "config/build/scope.h"
#include "config/reading.h"

namespace weir::config {

// Reports the paths and prefixes in matches that no normal path has, by how the chains that use the
// lists normalise: an error where all do, a warning where some do. `reading` is at the root; after
// the chains are built.
void check_route_paths(Scope& scope, Reading& reading);

}  // namespace weir::config
