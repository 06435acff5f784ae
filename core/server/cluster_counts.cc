#include "core/server/cluster_counts.h"

namespace weir::server {
namespace {

using upstream::ClusterCounters;

// Adds what was counted since `seen`, and sees it.
class Carry {
 public:
  Carry(const ClusterCounters& from, ClusterCounters& seen, ClusterCounters& to)
      : from_(from), seen_(seen), to_(to) {
    ClusterCounters::families(*this);
  }

  template <typename Number>
  void operator()(const MetricFamily&, Tally<Number> ClusterCounters::*cell) const {
    carry(from_.*cell, seen_.*cell, to_.*cell);
  }
  void operator()(const MetricFamily&, StatusCounters ClusterCounters::*cells) const {
    for (std::size_t i = 0; i < (from_.*cells).size(); ++i) {
      carry((from_.*cells)[i], (seen_.*cells)[i], (to_.*cells)[i]);
    }
  }

 private:
  template <typename Number>
  static void carry(const Tally<Number>& from, Tally<Number>& seen, Tally<Number>& to) {
    const Number now = from.value();
    to.add(now - seen.value());
    seen.set(now);
  }

  const ClusterCounters& from_;
  ClusterCounters& seen_;
  ClusterCounters& to_;
};

}  // namespace

bool ClusterCounts::update() {
  // The cluster ends on this thread, too, after all workers have let go.
  const bool gone = counters_.use_count() == 1;
  for (std::size_t worker = 0; worker < seen_.size(); ++worker) {
    Carry((*counters_)[worker], seen_[worker], metrics_.of(worker));
  }
  return !gone;
}

}  // namespace weir::server
