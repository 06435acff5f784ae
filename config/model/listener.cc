#include "config/model/listener.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "config/filter_schema.h"
#include "config/values.h"
#include "core/net/address_scope.h"

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

NodeEntry* entry_of(Node& map, std::string_view key) {
  for (NodeEntry& entry : map.entries()) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

Node* default_chain(Node& listener) {
  NodeEntry* const chains = entry_of(listener, "chains");
  if (chains == nullptr) return nullptr;
  auto& items = chains->value.items();
  const auto found = std::find_if(items.begin(), items.end(), [](const Node& chain) {
    const Node* const name = chain.find("name");
    return name != nullptr && name->text() == "default";
  });
  return found == items.end() ? nullptr : &*found;
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

// The items of a list, also of what stands in place of one: `{ $append: [...] }`.
std::vector<const Node*> items_of(const Node* list) {
  std::vector<const Node*> items;
  if (list == nullptr) return items;
  for (const Node& item : list->items()) items.push_back(&item);
  for (const NodeEntry& entry : list->entries()) {
    for (const Node& item : entry.value.items()) items.push_back(&item);
  }
  return items;
}

// Whether `accept` means a filter that the `filters` of `listener` begin with.
bool means_first_filters(const Node* accept, const Node& listener, const IsAccept& is_accept) {
  const Node* const filters = listener.find("filters");
  const Node* const below = listener.find("accept");
  if (filters == nullptr) return false;
  // One of a set would be another of that name.
  const auto of_set = [](const Node* item) { return item->find("use") != nullptr; };
  const auto known = items_of(below);
  if (std::any_of(known.begin(), known.end(), of_set)) return false;
  const auto meant = [&](const std::string& name) {
    const auto items = items_of(accept);
    return !name.empty() && !has_filter(below, name) &&
           std::any_of(items.begin(), items.end(),
                       [&](const Node* item) { return filter_name(*item) == name; });
  };
  for (const Node& item : filters->items()) {
    if (!is_accept(item)) return false;
    if (meant(filter_name(item))) return true;
  }
  return false;
}

// Moves what the `filters` of `chain` begin with to the `accept` of its layer: it changes what is
// there below.
void follow(Node& chain, Node& layer, const IsAccept& is_below, Diagnostics& diagnostics) {
  const Node* const filters = chain.find("filters");
  if (filters == nullptr || filters->items().empty()) return;
  move_accept(chain, layer, is_below, diagnostics);
  std::erase_if(chain.entries(), [](const NodeEntry& entry) {
    return entry.key == "filters" && entry.value.is_list() && entry.value.items().empty();
  });
}

}  // namespace

void Listener::align(Node& lower, Node& upper, const FilterSchema& filters,
                     Diagnostics& diagnostics) {
  if (upper.find("filters") != nullptr && upper.find("chains") != nullptr) return;
  const IsAccept is_accept = is_accept_of(filters);
  const NodeEntry* const accept = entry_of(upper, "accept");
  const NodeEntry* const chains = entry_of(upper, "chains");
  if (accept != nullptr) {
    for (const Node* const item : items_of(&accept->value)) {
      const Node* const on = filter_switch(*item);
      if (on != nullptr && is_off(on->text())) diagnostics.set_added(item->where());
    }
  }
  if (chains != nullptr) {
    move_accept(lower, lower, is_accept, diagnostics, chains->where);
    make_chain(lower, diagnostics, chains->where);
  } else if (accept != nullptr && means_first_filters(&accept->value, lower, is_accept)) {
    move_accept(lower, lower, is_accept, diagnostics, accept->where);
  }
  Node* const below = default_chain(lower);
  const Node* const others = (below == nullptr ? lower : *below).find("filters");
  // Over a chain it only changes what is there, and most types for `accept` may stand in both.
  const auto is_below = [&](const Node& item) {
    const std::string name = filter_name(item);
    return has_filter(lower.find("accept"), name) && !has_filter(others, name);
  };
  const auto was_first = [&](const Node& item) {
    const auto known = items_of(lower.find("accept"));
    return is_below(item) && std::any_of(known.begin(), known.end(), [&](const Node* one) {
             return filter_name(*one) == filter_name(item) &&
                    diagnostics.moved_by(one->where()).known();
           });
  };
  if (Node* const chain = default_chain(upper)) follow(*chain, upper, was_first, diagnostics);
  if (lower.find("chains") == nullptr) return follow(upper, upper, was_first, diagnostics);
  if (below != nullptr) {
    follow(upper, upper, is_below, diagnostics);
  } else {
    move_accept(upper, upper, is_accept, diagnostics);
  }
  make_chain(upper, diagnostics);
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
  const auto is_here = [](const Located<net::Address>& one) {
    return !one.value.is_ip() || net::is_loopback(one.value);
  };
  const Node* const replies = node.find("local_replies");
  if (replies != nullptr && local_replies && addresses_read &&
      !std::all_of(address.begin(), address.end(), is_here)) {
    const auto step = reading.enter("local_replies");
    local_replies->warn_of_reason(*replies, reading);
  }
  const Node* const written = node.find("chains");
  if (written == nullptr || !chains.empty() || !reading.sound({"chains"})) return ok;
  return reading.error_below("chains", written->where(), "has no chain");
}

}  // namespace weir::config::model
