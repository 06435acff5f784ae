#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "config/build/filter_list.h"
#include "config/build/scope.h"
#include "core/filter/chain.h"

namespace weir::config {

// Items whose settings are at fault: what was reported once is not made again for another chain.
using FailedItems = std::unordered_set<const Node*>;

// Makes the filter of one item, or null when there is a problem; it was reported.
std::unique_ptr<filter::HttpFilterFactory> make_http_filter(const ListedFilter& listed,
                                                            const FilterTypes& types,
                                                            const Reading& reading,
                                                            FailedItems& failed);

// Puts together the HTTP filters of one chain: its own, and for each route those that the route
// adds, sets anew, or switches on or off.
class HttpFilters {
 public:
  HttpFilters(const FilterTypes& types, const Reading& reading, FailedItems& failed)
      : types_(types), reading_(reading), failed_(failed) {}

  // One of the chain, in order. False when there was a problem, as of the next.
  bool add(const ListedFilter& listed);
  bool add_routes(RouteList& routes);
  // Hands everything over; the last call.
  void move_to(filter::HttpChain& chain);

 private:
  // A filter of the list of a stream.
  struct Slot {
    std::string name;
    std::string type;
    std::uint32_t order = 0;
    std::optional<std::size_t> item;  // index into items_
    bool enabled = true;
  };
  using Slots = std::vector<Slot>;

  bool make(const ListedFilter& listed, Slot& slot);
  bool apply(const ListedFilter& listed, Slots& slots, RouteList& routes);
  bool change(const ListedFilter& listed, Slot& slot);
  filter::FilterList list_of(const Slots& slots, const filter::HttpChain& chain) const;

  const FilterTypes& types_;
  const Reading& reading_;
  FailedItems& failed_;
  std::vector<filter::HttpFilterItem> items_;
  Slots slots_;
  std::vector<std::optional<Slots>> by_route_;
};

}  // namespace weir::config
