#include "config/build/scope.h"

#include <utility>

#include "core/base/suggest.h"

namespace weir::config {

void report_unknown(std::string_view section, std::string_view kind, std::string_view name,
                    std::span<const std::string_view> names, const Node& at, Reading& reading) {
  const Diagnostics& diagnostics = reading.diagnostics();
  const KeyPath path{std::string(section)};
  if (diagnostics.is_unread(path.text())) return;
  Position deleted = diagnostics.deleted_at(path.below(name));
  if (!deleted.known()) deleted = diagnostics.deleted_at(path.text());
  std::string what = std::string(kind) + " " + reading.quoted(at.where(), name, "of that name");
  if (section != std::string(kind) + "s") what += " in " + std::string(section);
  reading.error(at,
                "there is no " + what +
                    (deleted.known() ? "; it is deleted " + reading.named_place(deleted, at.where())
                                     : did_you_mean(name, names)));
}

void Scope::add_cluster(upstream::ClusterSpec spec) {
  std::string name = spec.name;
  clusters_.emplace(std::move(name), snapshot_.clusters.add(std::move(spec)));
}

RouteList& Scope::add_routes(const Named<std::vector<model::Route>>& written) {
  return *routes_.emplace_back(
      new RouteList{written, nullptr, SIZE_MAX, {}, false, {}, {}, false, {}, {}, {}});
}

const route::RouteTable* Scope::routes(std::string_view name, const Node& at, Reading& reading) {
  std::vector<std::string_view> names;
  for (const auto& list : routes_) {
    if (list->written.name == name) {
      list->used = true;
      return list->table;
    }
    if (!reading.diagnostics().full()) names.push_back(list->written.name);
  }
  report_unknown("routes", "list", name, names, at, reading);
  return nullptr;
}

std::optional<std::uint32_t> Scope::cluster(std::string_view name, const Node& at,
                                            Reading& reading) {
  const auto found = clusters_.find(std::string(name));
  if (found != clusters_.end()) {
    ++used_[found->second];
    return found->second;
  }
  std::vector<std::string_view> names;
  if (!reading.diagnostics().full()) {
    for (const auto& [known, index] : clusters_) names.push_back(known);
  }
  report_unknown("clusters", "cluster", name, names, at, reading);
  return std::nullopt;
}

RouteList* Scope::list_of(const route::RouteTable* table) const {
  for (const auto& list : routes_) {
    if (list->table == table) return list.get();
  }
  return nullptr;
}

}  // namespace weir::config
