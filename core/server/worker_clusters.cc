#include "core/server/worker_clusters.h"

#include <algorithm>
#include <utility>

namespace weir::server {

void WorkerClusters::update(std::span<event::Generation<SharedCluster>* const> clusters) {
  last_ = nullptr;
  std::vector<Entry> entries;
  entries.reserve(clusters.size());
  for (event::Generation<SharedCluster>* cluster : clusters) {
    entries.push_back({event::Use<SharedCluster>(*cluster, reactor_)});
  }
  entries_.swap(entries);
}

void WorkerClusters::clear() {
  update({});
}

void WorkerClusters::on_exchange(const filter::ExchangeRecord& record) {
  if (record.cluster.empty()) return;
  if (last_ == nullptr || last_->shared->name != record.cluster) {
    const auto found = std::lower_bound(
        entries_.begin(), entries_.end(), record.cluster,
        [](const Entry& entry, std::string_view name) { return entry.shared->name < name; });
    if (found == entries_.end() || found->shared->name != record.cluster) return;
    last_ = &*found;
    if (last_->metrics == nullptr) last_->metrics = &last_->shared->metrics.of(reactor_.index());
  }
  using Record = filter::ExchangeRecord;
  if (record.us.first_byte != Record::kNone)
    last_->metrics->first_byte.observe(record.us.first_byte);
  const std::uint32_t before =
      record.us.filters == Record::kNone ? 0 : record.us.head + record.us.filters;
  if (record.us.total >= before) last_->metrics->duration.observe(record.us.total - before);
}

}  // namespace weir::server
