#include "config/placing.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "core/base/quote.h"

namespace weir::config {
namespace {

bool is_placed(const LayerItem& item) {
  return item.said.place != Directives::Place::Usual;
}

}  // namespace

void Placings::add(std::vector<LayerItem>& items, const Below& below, Reading& reading) {
  const bool placed = std::any_of(items.begin(), items.end(), is_placed);
  if (!placed && placed_.empty()) return;
  for (LayerItem& item : items) {
    if (const Position there = below(item.name); there.known()) item.where = there;
    if (item.said.erase) placed_.erase(item.where);
    if (!is_placed(item) || item.said.erase || item.name.empty()) continue;
    placed_[item.where] = {item.name, item.said.beside, item.said.where};
  }
  if (!placed) return;
  for (const Circle& circle : circles(items, below)) {
    report(circle, reading);
    for (const Position& where : circle) {
      placed_.erase(where);
      reading.diagnostics().set_unplaced(where);
    }
    for (LayerItem& item : items) {
      const bool in_circle = std::find(circle.begin(), circle.end(), item.where) != circle.end();
      if (in_circle) item.said.place = Directives::Place::Usual;
    }
  }
}

// Each item is placed by one other at most, so that it is enough to follow each way once.
std::vector<Placings::Circle> Placings::circles(const std::vector<LayerItem>& items,
                                                const Below& below) const {
  std::unordered_map<std::string_view, Position> added;
  for (const LayerItem& item : items) added.try_emplace(item.name, item.where);
  const auto where_of = [&](const std::string& name) {
    const auto found = added.find(name);
    return found == added.end() ? below(name) : found->second;
  };
  std::vector<Circle> found;
  std::map<Position, std::size_t> first_way;  // that came by an item
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!is_placed(items[i])) continue;
    Circle way;
    Position at = items[i].where;
    auto placed = placed_.find(at);
    while (placed != placed_.end() && first_way.try_emplace(at, i).second) {
      way.push_back(at);
      at = where_of(placed->second.beside);
      placed = placed_.find(at);
    }
    if (placed == placed_.end() || first_way[at] != i) continue;
    way.erase(way.begin(), std::find(way.begin(), way.end(), at));
    // The layer that closes it is told so, at its last word.
    const auto rank = [&](Position item) {
      const Position where = placed_.at(item).where;
      return std::pair(where.source == items[i].said.where.source, where);
    };
    const auto last = std::max_element(way.begin(), way.end(),
                                       [&](Position a, Position b) { return rank(a) < rank(b); });
    std::rotate(way.begin(), last, way.end());
    found.push_back(std::move(way));
  }
  return found;
}

void Placings::report(const Circle& circle, Reading& reading) const {
  const Placing& told = placed_.at(circle.front());
  std::string message = quote(told.name) + " is placed by ";
  if (circle.size() == 1) {
    reading.error_below(told.name, told.where, message + "itself: name another item of this list");
    return;
  }
  message += quote(told.beside);
  for (std::size_t i = 1; i < circle.size(); ++i) {
    const Placing& other = placed_.at(circle[i]);
    message += (i + 1 == circle.size() ? ", and " : ", ") + quote(other.name) + " by " +
               quote(other.beside) + ' ' + reading.named_place(other.where, told.where);
  }
  reading.error_below(told.name, told.where,
                      message + ": take one of these $before or $after away, or name another item");
}

std::vector<std::size_t> placing_order(const std::vector<LayerItem>& items) {
  std::vector<std::size_t> waiting(items.size());
  std::iota(waiting.begin(), waiting.end(), std::size_t{0});
  if (std::none_of(items.begin(), items.end(), is_placed)) return waiting;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const std::size_t i : waiting) places[items[i].name] = i;
  std::vector<bool> done(items.size(), false);
  const auto waits = [&](std::size_t i) {
    const auto other = is_placed(items[i]) ? places.find(items[i].said.beside) : places.end();
    return other != places.end() && other->second != i && !done[other->second];
  };
  std::vector<std::size_t> order;
  while (!waiting.empty()) {
    const auto next = std::find_if_not(waiting.begin(), waiting.end(), waits);
    const auto taken = next == waiting.end() ? waiting.begin() : next;
    done[*taken] = true;
    order.push_back(*taken);
    waiting.erase(taken);
  }
  return order;
}

}  // namespace weir::config
