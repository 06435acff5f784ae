#include "config/model/listener.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "config/filter_schema.h"

namespace weir::config::model {
namespace {

// `by` is what a higher layer writes, if that is the cause.
void make_chain(Node& listener, Diagnostics& diagnostics, Position by = {}) {
  for (NodeEntry& entry : listener.entries()) {
    if (entry.key != "filters") continue;
    Node chain = Node::map(entry.where);
    if (by.known()) diagnostics.set_moved(entry.where, by);
    chain.add("name", Node::scalar(entry.where, "default"));
    chain.entries().push_back(std::move(entry));
    Node chains = Node::list(chain.where());
    chains.items().push_back(std::move(chain));
    entry = {"chains", chains.where(), std::move(chains)};
  }
}

using IsAccept = std::function<bool(const Node&)>;

bool has_filter(const Node* list, std::string_view name) {
  return list != nullptr &&
         std::any_of(list->items().begin(), list->items().end(),
                     [name](const Node& item) { return filter_name(item) == name; });
}

const Node* default_chain(const Node& listener) {
  const Node* const chains = listener.find("chains");
  if (chains == nullptr) return nullptr;
  const auto found =
      std::find_if(chains->items().begin(), chains->items().end(), [](const Node& chain) {
        const Node* const name = chain.find("name");
        return name != nullptr && name->text() == "default";
      });
  return found == chains->items().end() ? nullptr : &*found;
}

NodeEntry* entry_of(Node& map, std::string_view key) {
  for (NodeEntry& entry : map.entries()) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

// Moves the accept filters that the `filters` of `chain` begin with to the end of the `accept` of
// `listener`; `by` as above.
void move_accept(Node& chain, Node& listener, const IsAccept& is_accept, Diagnostics& diagnostics,
                 Position by = {}) {
  NodeEntry* const filters = entry_of(chain, "filters");
  if (filters == nullptr || !filters->value.is_list()) return;
  const Node* const list = listener.find("accept");
  // What changes a list in another way has no place for them.
  if (list != nullptr && !list->is_list()) return;
  auto& written = filters->value.items();
  const auto end = std::find_if_not(written.begin(), written.end(), is_accept);
  if (end == written.begin()) return;
  std::vector<Node> moved(std::move_iterator(written.begin()), std::move_iterator(end));
  const Position where = filters->value.where();
  written.erase(written.begin(), end);
  if (entry_of(listener, "accept") == nullptr) listener.add("accept", Node::list(where));
  Node& accept = entry_of(listener, "accept")->value;
  for (Node& item : moved) {
    if (by.known()) diagnostics.set_moved(item.where(), by);
    accept.items().push_back(std::move(item));
  }
}

IsAccept is_accept_of(const FilterSchema& filters) {
  return [&filters](const Node& item) {
    const NodeEntry* const type = filter_type(item);
    const auto found = filters.types.find(type == nullptr ? item.text() : type->key);
    return found != filters.types.end() && found->second.accept;
  };
}

// Whether `item` uses one of `sets` that has accept filters alone.
bool uses_accept_set(const Node& item, const Node& sets, const IsAccept& is_accept) {
  const Node* const name = item.find("use");
  const Node* const set = name == nullptr ? nullptr : sets.find(name->text());
  return set != nullptr && !set->items().empty() &&
         std::all_of(set->items().begin(), set->items().end(), is_accept);
}

}  // namespace

void Listener::align(Node& lower, Node& upper, const FilterSchema& filters,
                     Diagnostics& diagnostics) {
  if (upper.find("filters") != nullptr && upper.find("chains") != nullptr) return;
  const IsAccept is_accept = is_accept_of(filters);
  if (lower.find("chains") != nullptr) {
    // Over a chain it only changes what is there, and most types for `accept` may stand in both.
    const Node* const chain = default_chain(lower);
    const auto is_below = [&](const Node& item) {
      const std::string name = filter_name(item);
      return has_filter(lower.find("accept"), name) && !has_filter(chain->find("filters"), name);
    };
    move_accept(upper, upper, chain == nullptr ? is_accept : IsAccept(is_below), diagnostics);
    make_chain(upper, diagnostics);
  }
  if (const NodeEntry* const chains = entry_of(upper, "chains")) {
    move_accept(lower, lower, is_accept, diagnostics, chains->where);
    make_chain(lower, diagnostics, chains->where);
  }
}

void Listener::move_sets(Node& listener, const Node& sets, const FilterSchema& filters,
                         Diagnostics& diagnostics) {
  NodeEntry* const chains = entry_of(listener, "chains");
  if (chains == nullptr) return;
  const IsAccept is_accept = is_accept_of(filters);
  for (Node& chain : chains->value.items()) {
    const Node* const items = chain.find("filters");
    const bool begins_with_set = items != nullptr && !items->items().empty() &&
                                 uses_accept_set(items->items().front(), sets, is_accept);
    if (!begins_with_set || !diagnostics.moved_by(chain.where()).known()) continue;
    std::set<std::string> names;  // of the filters of those sets
    const auto moves = [&](const Node& item) {
      if (!uses_accept_set(item, sets, is_accept)) return is_accept(item);
      for (const Node& filter : sets.find(item.find("use")->text())->items()) {
        names.insert(filter_name(filter));
      }
      return true;
    };
    move_accept(chain, listener, moves, diagnostics);
    // What changes one of them goes with it.
    auto& left = entry_of(chain, "filters")->value.items();
    const auto stays = [&](const Node& item) { return !names.contains(filter_name(item)); };
    const auto changes = std::stable_partition(left.begin(), left.end(), stays);
    auto& accept = entry_of(listener, "accept")->value.items();
    std::move(changes, left.end(), std::back_inserter(accept));
    left.erase(changes, left.end());
  }
}

bool Listener::check(const Node& node, Reading& reading) const {
  bool ok = true;
  const Node* const addresses = node.find("address");
  const bool addresses_read = addresses != nullptr && reading.sound({"address"});
  if (address.empty() && addresses_read && !reading.lacks_values()) {
    ok = reading.error_below("address", addresses->where(), "names no address");
  }
  const auto is_v6 = [](const Located<net::Address>& one) {
    return one.value.family() == net::Address::Family::V6;
  };
  if (ok && ipv6_only && addresses_read && std::none_of(address.begin(), address.end(), is_v6)) {
    reading.warning_below("ipv6_only", node.find("ipv6_only")->where(),
                          "has no effect: no address of it is of IPv6");
  }
  const Node* const written = node.find("chains");
  if (written == nullptr || !chains.empty() || !reading.sound({"chains"})) return ok;
  return reading.error_below("chains", written->where(), "has no chain");
}

}  // namespace weir::config::model
