#pragma once

#include <span>
#include <string>

#include "core/server/connection_row.h"
#include "core/server/gathered.h"
#include "core/upstream/cluster_registry.h"

// What the admin address shows: text in columns for people, or JSON for tools.
namespace weir::server {

enum class PageFormat : unsigned char { AsText, AsJson };

std::string index_page(PageFormat format);
std::string clusters_page(std::span<const upstream::ClusterRegistry::Listed> clusters,
                          PageFormat format);
std::string connections_page(const Gathered<ConnectionRow>& connections, PageFormat format);

}  // namespace weir::server
