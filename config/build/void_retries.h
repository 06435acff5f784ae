#pragma once

#include "config/build/scope.h"
#include "config/map.h"
#include "config/model/cluster.h"
#include "config/reading.h"

namespace weir::config {

// Warns of a `retry` of a route all of whose clusters have a retry budget of nothing. `reading` is
// at the root, and nothing is wrong.
void report_void_retries(const Map<model::Cluster>& clusters, const Scope& scope, Reading& reading);

}  // namespace weir::config
