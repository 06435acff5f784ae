#include "config/types/cluster_choice.h"

#include <utility>

namespace weir::config {

namespace {

constexpr std::int64_t kMostWeight = 1'000'000;

bool read_weight(const Node& node, std::uint32_t& weight, Reading& reading) {
  if (!node.is_scalar())
    return reading.error(node, "expected a weight, found " + std::string(node.kind_word()));
  const auto text = reading.text(node);
  if (!text) return reading.excused(node.where());
  const auto number = parse_integer(*text);
  if (!number)
    return reading.error(node, reading.quoted(node.where(), *text) + " " + number.error().message);
  if (*number < 0 || *number > kMostWeight) {
    return reading.error(node, reading.quoted(node.where(), *text) +
                                   " is out of range: a weight is 0 to " +
                                   std::to_string(kMostWeight));
  }
  weight = static_cast<std::uint32_t>(*number);
  return true;
}

}  // namespace

bool Custom<ClusterChoice>::read(const Node& node, ClusterChoice& value, Reading& reading) {
  value.items.clear();
  if (node.is_scalar()) {
    auto name = reading.text(node);
    if (!name) return reading.excused(node.where());
    value.items.push_back({*std::move(name), 1, node.where()});
    return true;
  }
  if (!node.is_map()) {
    return reading.error(
        node, "expected " + std::string(wanted) + ", found " + std::string(node.kind_word()));
  }
  if (node.entries().empty()) return reading.error(node, "names no cluster");
  bool ok = true;
  std::uint64_t total = 0;
  for (const NodeEntry& entry : node.entries()) {
    const auto step = reading.enter(entry.key);
    ClusterChoice::Item item{entry.key, 0, entry.where};
    if (!read_weight(entry.value, item.weight, reading)) ok = false;
    total += item.weight;
    value.items.push_back(std::move(item));
  }
  if (ok && total == 0) {
    const std::size_t before = reading.diagnostics().kept();
    reading.error(node, "all weights are 0: nothing would get requests");
    reading.diagnostics().involve(before, reading.path().text());
    return false;
  }
  if (total > UINT32_MAX) return reading.error(node, "the weights are too many or too large");
  return ok;
}

void Custom<ClusterChoice>::shorten(Node& node) {
  if (node.entries().size() != 1 || !node.entries().front().value.is_scalar()) return;
  node = Node::scalar(node.where(), node.entries().front().key);
}

std::optional<route::ToCluster> ClusterChoice::compiled(filter::BuildScope& scope,
                                                        Reading& reading) const {
  route::ToCluster to{{}, 0};
  bool ok = true;
  for (const Item& item : items) {
    const auto index = find_cluster(item.name, item.where, scope, reading);
    if (!index) {
      ok = false;
      continue;
    }
    to.clusters.push_back({item.name, item.weight, *index});
    to.total_weight += item.weight;
  }
  if (!ok || to.clusters.empty()) return std::nullopt;
  return to;
}

std::optional<std::uint32_t> find_cluster(const std::string& name, Position where,
                                          filter::BuildScope& scope, Reading& reading) {
  return scope.cluster(name, Node::null(where), reading);
}

}  // namespace weir::config
