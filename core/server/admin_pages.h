#pragma once

#include <span>
#include <string>

#include "core/server/connection_row.h"
#include "core/upstream/cluster_registry.h"

// What the admin address shows: text in columns for people, or JSON for tools.
namespace weir::server {

enum class PageFormat : unsigned char { Text, Json };

struct ConnectionRows {
  std::vector<ConnectionRow> rows;
  bool cut = false;             // there are more
  unsigned silent_workers = 0;  // that did not answer in time
};

std::string index_page(PageFormat format);
std::string clusters_page(std::span<const upstream::ClusterRegistry::Listed> clusters,
                          PageFormat format);
std::string connections_page(const ConnectionRows& connections, PageFormat format);

}  // namespace weir::server
