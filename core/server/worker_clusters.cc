#include "core/server/worker_clusters.h"

#include <utility>

namespace weir::server {

void WorkerClusters::update(std::span<event::Generation<SharedCluster>* const> clusters) {
  last_ = nullptr;
  std::map<std::string_view, Entry> entries;
  for (event::Generation<SharedCluster>* cluster : clusters) {
    event::Use<SharedCluster> shared(*cluster, reactor_);
    ClusterMetrics* metrics = &shared->metrics.of(reactor_.index());
    const std::string_view name = shared->name;
    entries.emplace(name, Entry{std::move(shared), metrics});
  }
  entries_.swap(entries);
}

void WorkerClusters::clear() {
  update({});
}

void WorkerClusters::on_exchange(const filter::ExchangeRecord& record) {
  if (record.cluster.empty()) return;
  if (last_ == nullptr || last_->shared->name != record.cluster) {
    const auto found = entries_.find(record.cluster);
    if (found == entries_.end()) return;
    last_ = &found->second;
  }
  using Record = filter::ExchangeRecord;
  if (record.us.first_byte != Record::kNone)
    last_->metrics->first_byte.observe(record.us.first_byte);
  const std::uint32_t before =
      record.us.filters == Record::kNone ? 0 : record.us.head + record.us.filters;
  if (record.us.total >= before) last_->metrics->duration.observe(record.us.total - before);
}

}  // namespace weir::server
