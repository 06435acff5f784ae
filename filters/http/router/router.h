#pragma once

#include <memory>

#include "core/filter/http_filter.h"
#include "core/upstream/cluster_table.h"

namespace weir::filters {

// The terminal filter that does what the route of the stream says: forwards to a cluster, redirects
// or answers. `clusters` is what the routes' cluster indexes count in; it outlives the factory.
std::unique_ptr<filter::HttpTerminalFactory> make_router(const upstream::ClusterTable& clusters);

}  // namespace weir::filters
