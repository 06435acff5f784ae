#include "config/build/http_filters.h"

#include <algorithm>
#include <utility>

#include "core/base/quote.h"

namespace weir::config {

std::unique_ptr<filter::HttpFilterFactory> make_http_filter(const ListedFilter& listed,
                                                            const FilterTypes& types,
                                                            const Reading& reading,
                                                            FailedItems& failed) {
  if (listed.broken || failed.contains(listed.item)) return nullptr;
  // A set is sound by itself, so that what is wrong with it is reported there.
  const ListedFilter* const changed = listed.changes;
  if (changed != nullptr && changed->settings &&
      make_http_filter(*changed, types, reading, failed) == nullptr) {
    return nullptr;
  }
  const filter::FilterType* type = types.find(listed.type, FilterPlace::Http);
  if (type == nullptr) return nullptr;
  Reading inside = reading.at(listed.path);
  auto factory = type->make_http(*listed.settings, inside);
  if (factory == nullptr) failed.insert(listed.item);
  return factory;
}

bool HttpFilters::make(const ListedFilter& listed, Slot& slot) {
  auto factory = make_http_filter(listed, types_, reading_, failed_);
  if (factory == nullptr) return false;
  slot.item = items_.size();
  items_.push_back({listed.name, std::move(factory)});
  return true;
}

bool HttpFilters::add(const ListedFilter& listed) {
  Slot slot{listed.name, listed.type, static_cast<std::uint32_t>(slots_.size()), std::nullopt,
            listed.enabled.value_or(true)};
  const bool ok = !listed.settings || make(listed, slot);
  slots_.push_back(std::move(slot));
  return ok;
}

bool HttpFilters::add_routes(RouteList& routes) {
  for (const Slot& slot : slots_) routes.chain_filters.emplace(slot.name, slot.type);
  by_route_.resize(routes.filters.size());
  bool ok = true;
  for (std::size_t i = 0; i < routes.filters.size(); ++i) {
    if (routes.filters[i].empty()) continue;
    Slots slots = slots_;
    for (const ListedFilter& listed : routes.filters[i]) {
      if (!listed.broken && !apply(listed, slots, routes)) ok = false;
    }
    by_route_[i] = std::move(slots);
  }
  return ok;
}

bool HttpFilters::apply(const ListedFilter& listed, Slots& slots, RouteList& routes) {
  const auto of_chain = std::find_if(slots.begin(), slots.end(),
                                     [&](const Slot& slot) { return slot.name == listed.name; });
  if (of_chain != slots.end()) {
    routes.landed.insert(listed.item);
    return change(listed, *of_chain);
  }
  // Whether any chain has it is known at the end.
  if (!listed.settings) return true;
  Slot slot{listed.name, listed.type, static_cast<std::uint32_t>(slots.size()), std::nullopt,
            listed.enabled.value_or(true)};
  if (!make(listed, slot)) return false;
  slots.push_back(std::move(slot));
  return true;
}

bool HttpFilters::change(const ListedFilter& listed, Slot& slot) {
  Reading inside = reading_.at(listed.path);
  if (!listed.type.empty() && listed.type != slot.type) {
    return inside.error(listed.where(), quote(listed.name) + " is of the type " + quote(slot.type) +
                                            " in a chain that uses these routes, not " +
                                            quote(listed.type));
  }
  if (listed.settings && !make(listed, slot)) return false;
  slot.enabled = listed.enabled.value_or(true);
  if (slot.enabled && !slot.item) {
    return inside.error(listed.where(), quote(listed.name) +
                                            " has no settings to be switched on "
                                            "with, neither here nor in the chain");
  }
  return true;
}

filter::FilterList HttpFilters::list_of(const Slots& slots, const filter::HttpChain& chain) const {
  filter::FilterList list;
  for (const Slot& slot : slots) {
    if (slot.enabled && slot.item) list.entries.push_back({&chain.items[*slot.item], slot.order});
  }
  return list;
}

void HttpFilters::move_to(filter::HttpChain& chain) {
  chain.items = std::move(items_);
  chain.filters = list_of(slots_, chain);
  chain.by_route.resize(by_route_.size());
  for (std::size_t i = 0; i < by_route_.size(); ++i) {
    if (!by_route_[i]) continue;
    chain.by_route[i] = std::make_unique<filter::FilterList>(list_of(*by_route_[i], chain));
  }
}

}  // namespace weir::config
