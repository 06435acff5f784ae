#include "config/build/void_retries.h"

#include <algorithm>
#include <string>
#include <variant>

#include "core/base/quote.h"
#include "core/route/route_table.h"

namespace weir::config {

void report_void_retries(const Map<model::Cluster>& clusters, const Scope& scope,
                         Reading& reading) {
  std::vector<const Named<model::Cluster>*> by_index;
  for (const auto& named : clusters) by_index.push_back(&named);
  const auto may_allow_some = [&](const route::WeightedCluster& one) {
    const Named<model::Cluster>& cluster = *by_index[one.index];
    const model::RetryBudget& budget = cluster.value.retry_budget;
    const Reading at_cluster = reading.at(KeyPath("clusters").below(cluster.name));
    return budget.percent.value > 0 || budget.least > 0 || !at_cluster.sound({"retry_budget"});
  };
  const auto step = reading.enter("routes");
  for (const auto& list : scope.route_lists()) {
    if (list->table == nullptr) continue;
    const auto inner = reading.enter(list->written.name);
    for (const route::Route& route : list->table->routes()) {
      const auto* to = std::get_if<route::ToCluster>(&route.action);
      const model::Route& written = list->written.value[route.index];
      if (to == nullptr || to->clusters.empty() || !written.retry) continue;
      if (std::any_of(to->clusters.begin(), to->clusters.end(), may_allow_some)) continue;
      const auto of_route =
          written.name.empty() ? reading.enter(route.index) : reading.enter(written.name);
      if (!reading.sound(written.where)) continue;
      const Named<model::Cluster>& cluster = *by_index[to->clusters.front().index];
      const Position there = cluster.value.retry_budget.where;
      const std::size_t before = reading.diagnostics().kept();
      reading.warning_below("retry", written.retry->where,
                            "has no effect: the retry_budget of " + quote(cluster.name) + " " +
                                reading.named_place(there, written.retry->where) +
                                " allows no retry");
      reading.diagnostics().involve(before, KeyPath("clusters").below(cluster.name));
    }
  }
}

}  // namespace weir::config
