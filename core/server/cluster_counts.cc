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
constexpr GaugePair kGaugePairs[] = {
    {&From::requests_active, &To::requests_active},
    {&From::queued, &To::queued},
    {&From::connections_open, &To::connections_open},
    {&From::connections_idle, &To::connections_idle},
};

template <typename Number>
void carry(Number& seen, const Tally<Number>& from, Tally<Number>& to) {
  const Number now = from.value();
  to.add(now - seen);
  seen = now;
}

}  // namespace

bool ClusterCounts::update() {
  static_assert(std::size(kCounterPairs) == kCounters && std::size(kGaugePairs) == kGauges);
  // The cluster ends on this thread, too, after all workers have let go.
  const bool gone = counters_.use_count() == 1;
  for (std::size_t worker = 0; worker < seen_.size(); ++worker) {
    const From& from = (*counters_)[worker];
    To& to = metrics_.of(worker);
    auto counter = seen_[worker].counters.begin();
    auto gauge = seen_[worker].gauges.begin();
    for (const CounterPair& pair : kCounterPairs) carry(*counter++, from.*pair.from, to.*pair.to);
    for (std::size_t i = 0; i < kStatusClasses; ++i) {
      carry(*counter++, from.responses[i], to.responses[i]);
    }
    for (const GaugePair& pair : kGaugePairs) carry(*gauge++, from.*pair.from, to.*pair.to);
  }
  return !gone;
}

}  // namespace weir::server
