#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/route/exchange_view.h"
#include "core/route/route.h"

namespace weir::route {

// A list of routes, compiled: the first that matches in written order wins, and ten thousand cost
// what one costs. Immutable; used by all workers.
//
// How it finds: exact hosts, "*.suffix" hosts and any host each have an index of their own. There
// exact paths stand in a hash, prefixes in a trie over segments, regular expressions in one RE2
// set. What they give is merged in written order, and the first that matches in full wins. Routes
// of one host and path are told apart by an exact method, header, query parameter, cookie, variable
// or port, whichever separates best.
//
// Linear stay: routes of one host and path that differ only in patterns, `not:`, client_ip, port
// ranges, flags or percent; hosts other than exact and "*.suffix"; paths that are suffixes, contain
// something or are `not:`; the values of one list of one route.
class RouteTable {
 public:
  struct Choice {
    const Route* route = nullptr;
    // The longest of the route's prefixes that the path is under, without a slash at its end but
    // for "/"; empty when the route has none. Lives as long as the request and the table.
    std::string_view matched_prefix;
  };

  // `routes` are numbered as they stand. An error names the route and what is wrong in it.
  // `flag_names` are those of ExchangeView::flags, by bit, at most 64.
  static Result<std::unique_ptr<RouteTable>> compile(std::string name, std::vector<Route> routes,
                                                     std::vector<std::string> flag_names = {});
  ~RouteTable();

  const std::string& name() const { return name_; }
  std::span<const Route> routes() const { return routes_; }
  std::span<const std::string> flag_names() const { return flag_names_; }
  // Null when none matches. Allocates nothing in steady state, but for what RE2 needs to name the
  // expressions of a set that match: that happens only when no earlier route matched.
  Choice find(const ExchangeView& exchange) const;
  // Whether this one route of the table matches, whatever stands before it.
  bool matches(const Route& route, const ExchangeView& exchange) const;
  // Routes that can never be chosen since an earlier one matches all that they match: surely, so
  // that some are missing. Costs the square of the number of routes of one host.
  struct Shadow {
    const Route* hidden;
    const Route* by;
  };
  std::vector<Shadow> shadowed() const;
  // The numbers of the most routes that are tried one after the other for one request, since
  // nothing of the above tells them apart; sorted.
  std::span<const std::uint32_t> longest_run() const;

 private:
  struct Index;

  RouteTable();

  std::string name_;
  std::vector<Route> routes_;
  std::vector<std::string> flag_names_;
  std::unique_ptr<Index> index_;
};

}  // namespace weir::route
