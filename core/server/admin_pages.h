#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/server/connection_row.h"
#include "core/server/gathered.h"
#include "core/upstream/cluster_registry.h"

// What the admin address shows: text in columns for people, or JSON for tools.
namespace weir::server {

enum class PageFormat : unsigned char { AsText, AsJson };

// What can be asked for.
struct AdminPage {
  std::string_view path;
  std::string_view parameter{};  // that it takes beside `json`
  bool full_access = false;      // for the control socket alone
  std::string_view shows{};      // for the index, which leaves itself out
};
std::span<const AdminPage> admin_pages();

std::string index_page(bool full_access, PageFormat format);
std::string clusters_page(std::span<const upstream::ClusterRegistry::Listed> clusters,
                          PageFormat format);
std::string connections_page(const Gathered<ConnectionRow>& connections, PageFormat format);

}  // namespace weir::server
