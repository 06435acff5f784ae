#include "core/server/override_effects.h"

#include <algorithm>

namespace weir::server {
namespace {

constexpr std::size_t kMostSentences = 8;

}  // namespace

OverrideEffects::OverrideEffects(const Snapshot& snapshot,
                                 const upstream::ClusterRegistry& clusters)
    : snapshot_(snapshot) {
  for (const auto& cluster : clusters.list()) {
    clusters_.emplace(cluster.state->name, cluster.version);
  }
}

std::string_view OverrideEffects::reason_against(const Override& entry) const {
  if (entry.kind == Override::Kind::Log) return {};
  if (entry.kind == Override::Kind::Flag) {
    const auto& names = snapshot_.flag_names;
    const bool known = std::find(names.begin(), names.end(), entry.name) != names.end();
    return known ? "" : "no route asks for it now";
  }
  const auto found = clusters_.find(entry.cluster);
  if (found == clusters_.end()) return "there is no such cluster now";
  if (found->second->waiting_for_dns) return {};
  for (const auto& group : found->second->endpoints.groups) {
    for (const auto& member : group.members) {
      if (member.state->text == entry.name) return {};
    }
  }
  return "the cluster has no such endpoint now";
}

std::vector<std::string> OverrideEffects::sentences(
    std::span<const Override* const> overrides) const {
  std::vector<std::string> all;
  std::size_t more = 0;
  for (const Override* entry : overrides) {
    const std::string_view reason = reason_against(*entry);
    if (reason.empty()) continue;
    if (all.size() == kMostSentences) {
      ++more;
      continue;
    }
    all.push_back("the override " + std::string(entry->what()) + " " + entry->key() + " " +
                  entry->setting() + " has no effect: " + std::string(reason));
  }
  if (more > 0) {
    all.push_back(std::to_string(more) +
                  " more overrides have no effect: weir ctl overrides tells which");
  }
  return all;
}

}  // namespace weir::server
