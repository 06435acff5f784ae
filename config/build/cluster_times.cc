#include "config/build/cluster_times.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/values.h"
#include "core/base/quote.h"
#include "core/route/route_table.h"

namespace weir::config {

namespace {

// The most that a request waits for a response head, once it is complete. Zero is for ever.
struct Patience {
  route::Milliseconds most{0};
  std::string_view key;  // which says so
};

Patience patience_of(const route::Route& route) {
  Patience least;
  for (const Patience& one :
       {Patience{route.timeout, "timeout"}, Patience{route.total_timeout, "total_timeout"},
        Patience{route.retry.per_try_timeout, "per_try_timeout"}}) {
    if (one.most.count() != 0 && (least.most.count() == 0 || one.most < least.most)) least = one;
  }
  return least;
}

// The route that waits longest for a cluster.
struct Longest {
  std::size_t routes = 0;
  bool for_ever = false;
  Patience patience;
  std::string name;
  Position where;

  void add(const route::Route& route, Position written) {
    ++routes;
    const Patience its = patience_of(route);
    for_ever = for_ever || its.most.count() == 0;
    if (its.most <= patience.most) return;
    patience = its;
    name = route.name;
    where = written;
  }
};

std::vector<Longest> longest_by_cluster(std::size_t clusters, const Scope& scope,
                                        Reading& reading) {
  const auto step = reading.enter("routes");
  std::vector<Longest> all(clusters);
  for (const auto& list : scope.route_lists()) {
    if (list->table == nullptr) continue;
    const auto inner = reading.enter(list->written.name);
    for (const route::Route& route : list->table->routes()) {
      const auto* to = std::get_if<route::ToCluster>(&route.action);
      if (to == nullptr) continue;
      const model::Route& written = list->written.value[route.index];
      const auto of_route =
          written.name.empty() ? reading.enter(route.index) : reading.enter(written.name);
      const bool sound = reading.sound(written.where);
      for (const route::WeightedCluster& one : to->clusters) {
        all[one.index].add(route, written.where);
        // It may come to wait.
        if (!sound) all[one.index].for_ever = true;
      }
    }
  }
  return all;
}

void compare(std::string_view key, const Located<std::chrono::milliseconds>& time,
             const Longest& longest, Reading& reading) {
  if (!time.where.known() || reading.unread(time.where)) return;
  if (time.value < longest.patience.most) return;
  reading.warning_below(
      key, time.where,
      "no complete request waits so long: of the routes to it " + quote(longest.name) + ' ' +
          reading.named_place(longest.where, time.where) + " waits longest, and its " +
          std::string(longest.patience.key) + " is " + show(longest.patience.most));
}

}  // namespace

void report_cluster_times(const Map<model::Cluster>& clusters, const Scope& scope,
                          Reading& reading) {
  if (scope.gaps().chains || scope.gaps().targets) return;
  const std::vector<Longest> all = longest_by_cluster(clusters.size(), scope, reading);
  const auto step = reading.enter("clusters");
  std::uint32_t index = 0;
  for (const auto& named : clusters) {
    const Longest& longest = all[index];
    // Others are mirrors and tcp_proxy.
    const bool by_routes_alone = scope.uses_of_cluster(index++) == longest.routes;
    if (longest.routes == 0 || longest.for_ever || !by_routes_alone) continue;
    const auto inner = reading.enter(named.name);
    compare("connect_timeout", named.value.connect_timeout, longest, reading);
    const auto limits = reading.enter("limits");
    compare("queue_timeout", named.value.limits.queue_timeout, longest, reading);
  }
}

}  // namespace weir::config
