#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/directives.h"
#include "config/position.h"
#include "config/reading.h"

namespace weir::config {

// What an item of a layer's keyed list says, its directives taken out of it.
struct LayerItem {
  std::string name;  // empty when it has none
  Directives said;
  Position where;       // of the item
  bool broken = false;  // its directives could not be read
};

// Which items of keyed lists layers have put beside which others. Those that are placed by each
// other have no place, whichever layers say so.
class Placings {
 public:
  // Where the item of that name in the list below was written; unknown when there is none.
  using Below = std::function<Position(std::string_view name)>;

  // Takes note of what the items of one list of a layer say; those that change one below become
  // known by where that was written. Those that are placed by each other are reported, once, and
  // lose their place. `reading` is at the list.
  void add(std::vector<LayerItem>& items, const Below& below, Reading& reading);

 private:
  struct Placing {
    std::string name;
    std::string beside;
    Position where;  // of what says so
  };
  using Circle = std::vector<Position>;  // each placed by the next, the last by the first

  std::vector<Circle> circles(const std::vector<LayerItem>& items, const Below& below) const;
  void report(const Circle& circle, Reading& reading) const;

  std::map<Position, Placing> placed_;  // by where the item was written
};

// The order in which the items of a layer are put in their places: as they are written, but one
// that stands beside a later one of the same layer behind that.
std::vector<std::size_t> placing_order(const std::vector<LayerItem>& items);

}  // namespace weir::config
