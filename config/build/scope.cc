#include "config/build/scope.h"

#include <utility>

#include "config/suggest.h"

namespace weir::config {

void Scope::add_cluster(upstream::ClusterSpec spec) {
  std::string name = spec.name;
  clusters_.emplace(std::move(name), snapshot_.clusters.add(std::move(spec)));
}

RouteList& Scope::add_routes(const Named<std::vector<model::Route>>& written) {
  return *routes_.emplace_back(new RouteList{written, nullptr, {}, false, {}, {}, {}, {}});
}

const route::RouteTable* Scope::routes(std::string_view name, const Node& at, Reading& reading) {
  std::vector<std::string_view> names;
  for (const auto& list : routes_) {
    if (list->written.name == name) {
      list->used = true;
      return list->table;
    }
    names.push_back(list->written.name);
  }
  reading.error(
      at, "there is no list '" + std::string(name) + "' in routes" + did_you_mean(name, names));
  return nullptr;
}

std::optional<std::uint32_t> Scope::cluster(std::string_view name, const Node& at,
                                            Reading& reading) {
  const auto found = clusters_.find(std::string(name));
  if (found != clusters_.end()) {
    used_.insert(found->second);
    return found->second;
  }
  std::vector<std::string_view> names;
  for (const auto& [known, index] : clusters_) names.push_back(known);
  reading.error(at, "there is no cluster '" + std::string(name) + "'" + did_you_mean(name, names));
  return std::nullopt;
}

RouteList* Scope::list_of(const route::RouteTable* table) const {
  for (const auto& list : routes_) {
    if (list->table == table) return list.get();
  }
  return nullptr;
}

}  // namespace weir::config
