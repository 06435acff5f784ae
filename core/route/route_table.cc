#include "core/route/route_table.h"

#include <algorithm>

#include "core/base/quote.h"
#include "core/route/candidates.h"
#include "core/route/condition.h"
#include "core/route/host_index.h"
#include "core/route/shadow.h"

namespace weir::route {

struct RouteTable::Index {
  std::vector<Condition> conditions;
  // What need not be looked at again when the index led to a route.
  std::vector<Condition::Known> known;
  HostIndex hosts;
};

namespace {

// All finds of a thread use the same memory: a find is over before the next one begins.
Candidates& candidates_of_thread() {
  thread_local Candidates candidates;
  return candidates;
}

std::string described(const Route& route) {
  if (route.name.empty()) return "route " + std::to_string(route.index + 1);
  return "route \"" + clipped(route.name) + "\"";
}

Condition::Known known_of(const Match& match) {
  const PathKey key = path_key(match);
  return {.hosts = has_indexed_hosts(match),
          .paths = key == PathKey::Exact,
          .prefixes = key == PathKey::Prefix,
          .regexes = key == PathKey::Regex};
}

}  // namespace

RouteTable::RouteTable() : index_(std::make_unique<Index>()) {}
RouteTable::~RouteTable() = default;

Result<std::unique_ptr<RouteTable>> RouteTable::compile(std::string name, std::vector<Route> routes,
                                                        std::vector<std::string> flag_names) {
  std::unique_ptr<RouteTable> table(new RouteTable());
  table->name_ = std::move(name);
  table->routes_ = std::move(routes);
  table->flag_names_ = std::move(flag_names);
  Index& index = *table->index_;
  index.conditions.reserve(table->routes_.size());
  std::vector<std::vector<ExactKey>> keys;
  std::uint32_t number = 0;
  for (Route& route : table->routes_) {
    route.index = number++;
    auto condition = Condition::compile(route.match, table->flag_names_, route.index);
    if (!condition) return config_error(described(route) + ": " + condition.error().message);
    index.conditions.push_back(std::move(condition).value());
    index.known.push_back(known_of(route.match));
    index.hosts.add(route.index, {&route.match, &index.conditions.back()});
    keys.push_back(exact_keys(route.match));
  }
  index.hosts.compile(keys);
  return table;
}

RouteTable::Choice RouteTable::find(const ExchangeView& exchange) const {
  Candidates& candidates = candidates_of_thread();
  candidates.clear();
  index_->hosts.collect(exchange, candidates);
  std::uint32_t last = TextIndex::kNone;
  while (!candidates.empty()) {
    const PathIndex* later = nullptr;
    const Candidates::Candidate candidate = candidates.next(&later);
    if (later != nullptr) {
      later->collect_regexes(exchange, candidates);
      continue;
    }
    if (candidate.route == last) continue;
    last = candidate.route;
    const Condition::Known known = index_->known[last];
    const Condition& condition = index_->conditions[last];
    if (!condition.matches(exchange, known)) continue;
    Choice choice{&routes_[last], {}};
    if (exchange.request != nullptr) {
      const std::string_view path = exchange.request->path;
      choice.matched_prefix = known.prefixes ? path.substr(0, std::max(1u, candidate.prefix_size))
                                             : condition.matched_prefix(path);
    }
    return choice;
  }
  return {};
}

bool RouteTable::matches(const Route& route, const ExchangeView& exchange) const {
  return index_->conditions[route.index].matches(exchange);
}

std::vector<RouteTable::Shadow> RouteTable::shadowed() const {
  ShadowSearch search;
  std::vector<Shadow> shadows;
  for (const Route& route : routes_) {
    const auto by = search.add(route.match, index_->conditions[route.index]);
    if (by) shadows.push_back({&route, &routes_[*by]});
  }
  return shadows;
}

std::span<const std::uint32_t> RouteTable::longest_run() const {
  return index_->hosts.longest_run();
}

}  // namespace weir::route
