#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "config/build/filter_list.h"
#include "config/model/route.h"
#include "core/filter/registry.h"
#include "core/http/path.h"
#include "core/server/snapshot.h"

namespace weir::config {

// Reports that nothing in `section` of the file is called `name`: "there is no KIND 'NAME'", and
// which of `names` was meant, or which layer deletes it. Says nothing when the section could not be
// read.
void report_unknown(std::string_view section, std::string_view kind, std::string_view name,
                    std::span<const std::string_view> names, const Node& at, Reading& reading);

// One list of `routes:` while a Snapshot is built.
struct RouteList {
  const Named<std::vector<model::Route>>& written;
  // Null when there are too many flags. A route whose match is not known matches nothing.
  const route::RouteTable* table = nullptr;
  std::size_t first_unsure = SIZE_MAX;             // of those routes
  std::vector<std::vector<ListedFilter>> filters;  // by route
  bool used = false;
  // How each chain that uses it normalises paths; nothing for one that does not.
  std::vector<std::optional<http::PathOptions>> paths;
  // Those of the listeners that use it; none of a listener whose port is any.
  std::set<std::uint16_t> ports;
  bool any_port = false;  // or an accept filter may say that it was another
  // Of those that use it for every client.
  std::vector<net::Address> addresses;
  // The names of the filters of the chains that use it, each with its type, and the items of
  // `filters` that had one to change.
  std::map<std::string, std::string, std::less<>> chain_filters;
  std::unordered_set<const Node*> landed;
};

// Of what something could not be read, so that what is missed may be there.
struct Gaps {
  bool sets = false;           // of filters
  bool chains = false;         // which filters they have, and where they lead
  bool ports = false;          // of listeners
  bool matches = false;        // of routes
  bool targets = false;        // where routes lead
  bool route_filters = false;  // those that routes write
};

// What can be referred to by name while a Snapshot is built, and what was.
class Scope final : public filter::BuildScope {
 public:
  explicit Scope(server::Snapshot& snapshot) : snapshot_(snapshot) {}

  void add_cluster(upstream::ClusterSpec spec);
  RouteList& add_routes(const Named<std::vector<model::Route>>& written);

  const route::RouteTable* routes(std::string_view name, const Node& at, Reading& reading) override;
  const upstream::ClusterTable& clusters() override { return snapshot_.clusters; }
  std::optional<std::uint32_t> cluster(std::string_view name, const Node& at,
                                       Reading& reading) override;

  std::vector<std::unique_ptr<RouteList>>& route_lists() { return routes_; }
  const std::vector<std::unique_ptr<RouteList>>& route_lists() const { return routes_; }
  RouteList* list_of(const route::RouteTable* table) const;
  Gaps& gaps() { return gaps_; }
  const Gaps& gaps() const { return gaps_; }
  bool has_cluster(const std::string& name) const { return clusters_.contains(name); }
  // How often something refers to it.
  std::size_t uses_of_cluster(std::uint32_t index) const {
    const auto found = used_.find(index);
    return found == used_.end() ? 0 : found->second;
  }

 private:
  server::Snapshot& snapshot_;
  std::unordered_map<std::string, std::uint32_t> clusters_;
  std::unordered_map<std::uint32_t, std::size_t> used_;
  std::vector<std::unique_ptr<RouteList>> routes_;
  Gaps gaps_;
};

}  // namespace weir::config
