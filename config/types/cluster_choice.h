#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/schema.h"
#include "core/filter/registry.h"
#include "core/route/route.h"

namespace weir::config {

// `api`, or several by weight: `{ api: 95, api-next: 5 }`.
struct ClusterChoice {
  struct Item {
    std::string name;
    std::uint32_t weight = 1;
    Position where;
  };
  std::vector<Item> items;

  // With the places of the clusters in the Snapshot. Nothing when one is unknown; it was reported.
  std::optional<route::ToCluster> compiled(filter::BuildScope& scope, Reading& reading) const;
};

template <>
struct Custom<ClusterChoice> {
  static constexpr std::string_view word = "cluster, or map of clusters to weights";
  static constexpr std::string_view wanted = "a cluster, or a map of clusters to weights";
  static bool read(const Node& node, ClusterChoice& value, Reading& reading);
  // One cluster is the same with whatever weight.
  static void shorten(Node& node);
};

// The same of one cluster, whose name was written at `where`.
std::optional<std::uint32_t> find_cluster(const std::string& name, Position where,
                                          filter::BuildScope& scope, Reading& reading);

}  // namespace weir::config
