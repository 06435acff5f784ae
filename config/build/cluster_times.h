#pragma once

#include "config/build/scope.h"
#include "config/map.h"
#include "config/model/cluster.h"
#include "config/reading.h"

namespace weir::config {

// Warns of times of clusters that no request waits for, since every route to the cluster gives up
// before. `reading` is at the root; after everything is built, when nothing was wrong.
void report_cluster_times(const Map<model::Cluster>& clusters, const Scope& scope,
                          Reading& reading);

}  // namespace weir::config
