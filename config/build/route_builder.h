#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/build/filter_list.h"
#include "config/build/scope.h"
#include "config/model/route.h"

namespace weir::config {

// Compiles the lists of `routes:`.
class RouteBuilder {
 public:
  // `reading` is at the root.
  RouteBuilder(const FilterTypes& types, FilterLists& lists, Scope& scope, Reading& reading)
      : types_(types), lists_(lists), scope_(scope), reading_(reading) {}

  // Adds a table to `snapshot` for each list, and what there is to know of them to the scope.
  // Tables are there even when something in them is wrong, so that what refers to them, and what
  // else is in them, is looked at.
  void build(const Map<std::vector<model::Route>>& written, server::Snapshot& snapshot);
  // Warns of routes that are never chosen. After build(), as all below; of those whose matches were
  // read.
  void report_shadows();
  // Warns of lists with many routes that are tried one after the other.
  void report_runs();

 private:
  bool collect_flags(const Map<std::vector<model::Route>>& written,
                     std::vector<std::string>& names);
  std::unique_ptr<route::RouteTable> build_list(RouteList& list,
                                                const std::vector<std::string>& flag_names);
  void note_gaps(const model::Route& written);
  void leave_out(RouteList& list, std::size_t index, route::Route& route) const;
  bool build_route(const model::Route& written, route::Route& route);
  bool set_action(const model::Route& written, route::Route& route);
  bool set_rewrite(const model::Rewrite& written, route::Route& route);
  void set_timeouts(const model::Route& written, route::Route& route);
  bool set_mirrors(const model::Route& written, route::Route& route);
  bool read_filters(const model::Route& written, std::vector<ListedFilter>& filters);
  void report_each(RouteList& list, std::vector<route::Route>& routes,
                   const std::vector<std::string>& flag_names);
  void report_shadows(const RouteList& list, const route::RouteTable& table);
  bool is_unsure(const RouteList& list, std::size_t index);
  bool lacks_match(const RouteList& list, std::size_t index);
  [[nodiscard]] KeyPath::Step enter(const model::Route& route, std::size_t index);

  const FilterTypes& types_;
  FilterLists& lists_;
  Scope& scope_;
  Reading& reading_;
  bool flags_ok_ = true;
};

}  // namespace weir::config
