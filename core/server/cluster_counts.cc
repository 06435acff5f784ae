#include "core/server/cluster_counts.h"

namespace weir::server {
namespace {

using From = upstream::ClusterCounters;
using To = ClusterMetrics;

struct CounterPair {
  Counter From::*from;
  Counter To::*to;
};
struct GaugePair {
  Gauge From::*from;
  Gauge To::*to;
};

constexpr CounterPair kCounterPairs[] = {
    {&From::attempts, &To::attempts},
    {&From::retries, &To::retries},
    {&From::retry_budget_exhausted, &To::retry_budget_exhausted},
    {&From::queue_full, &To::queue_full},
    {&From::queue_timeouts, &To::queue_timeouts},
    {&From::connections_opened, &To::connections_opened},
    {&From::connections_failed, &To::connections_failed},
    {&From::connect_timeouts, &To::connect_timeouts},
    {&From::bytes_in, &To::bytes_in},
    {&From::bytes_out, &To::bytes_out},
};
static_assert(std::size(kCounterPairs) == ClusterCounts::kCounters);

constexpr GaugePair kGaugePairs[] = {
    {&From::requests_active, &To::requests_active},
    {&From::queued, &To::queued},
    {&From::connections_open, &To::connections_open},
    {&From::connections_idle, &To::connections_idle},
};

void carry(std::uint64_t& seen, const Counter& from, Counter& to) {
  const std::uint64_t now = from.value();
  to.add(now - seen);
  seen = now;
}

}  // namespace

void ClusterCounts::update(const upstream::ClusterState& state,
                           const MetricsTable<ClusterMetrics>::Use& metrics) {
  for (std::size_t worker = 0; worker < seen_.size(); ++worker) {
    const From& from = state.counters[worker];
    To& to = metrics.of(worker);
    auto seen = seen_[worker].begin();
    for (const CounterPair& pair : kCounterPairs) carry(*seen++, from.*pair.from, to.*pair.to);
    for (std::size_t i = 0; i < kStatusClasses; ++i) {
      carry(*seen++, from.responses[i], to.responses[i]);
    }
    for (const GaugePair& pair : kGaugePairs) (to.*pair.to).set((from.*pair.from).value());
  }
}

}  // namespace weir::server
