#include "core/server/cluster_counts.h"

namespace weir::server {
namespace {

using upstream::ClusterCounters;

// Calls `visit(a cell, the same cell)` for every cell of two.
template <typename Visit>
class EachCell {
 public:
  EachCell(const ClusterCounters& one, ClusterCounters& other, Visit visit)
      : one_(one), other_(other), visit_(visit) {
    ClusterCounters::families(*this);
  }

  template <typename Number>
  void operator()(const MetricFamily&, Tally<Number> ClusterCounters::*cell) const {
    visit_(one_.*cell, other_.*cell);
  }
  void operator()(const MetricFamily&, StatusCounters ClusterCounters::*cells) const {
    for (std::size_t i = 0; i < (one_.*cells).size(); ++i) {
      visit_((one_.*cells)[i], (other_.*cells)[i]);
    }
  }

 private:
  const ClusterCounters& one_;
  ClusterCounters& other_;
  Visit visit_;
};

constexpr auto kAdd = [](const auto& from, auto& to) { to.add(from.value()); };
constexpr auto kTakeAway = [](const auto& from, auto& to) { to.add(-from.value()); };
constexpr auto kSet = [](const auto& from, auto& to) { to.set(from.value()); };

}  // namespace

bool ClusterCounts::update() {
  // The cluster ends on this thread, too, after all workers have let go.
  const bool gone = counters_.use_count() == 1;
  ClusterCounters now;
  for (std::size_t i = 0; i < counters_->size(); ++i) {
    if (const ClusterCounters* reactor = counters_->find(i)) EachCell(*reactor, now, kAdd);
  }
  ClusterCounters since;
  EachCell(now, since, kSet);
  if (seen_ != nullptr) EachCell(*seen_, since, kTakeAway);
  bool any = false;
  EachCell(since, since, [&any](const auto& cell, auto&) { any = any || cell.value() != 0; });
  if (!any) return !gone;
  if (seen_ == nullptr) seen_ = std::make_unique<ClusterCounters>();
  EachCell(now, *seen_, kSet);
  // Its cells are of no worker, but for latencies.
  EachCell(since, metrics_.of(0), kAdd);
  return !gone;
}

}  // namespace weir::server
