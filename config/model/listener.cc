#include "config/model/listener.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "config/filter_schema.h"

namespace weir::config::model {
namespace {

void make_chain(Node& listener) {
  for (NodeEntry& entry : listener.entries()) {
    if (entry.key != "filters") continue;
    Node chain = Node::map(entry.where);
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

// Moves the accept filters that `filters` begins with to the end of `accept`.
void move_accept(Node& listener, const IsAccept& is_accept) {
  const NodeEntry* const filters = entry_of(listener, "filters");
  if (filters == nullptr) return;
  const auto& written = filters->value.items();
  const auto count = std::find_if_not(written.begin(), written.end(), is_accept) - written.begin();
  if (count == 0) return;
  if (entry_of(listener, "accept") == nullptr) {
    listener.add("accept", Node::list(filters->value.where()));
  }
  Node& accept = entry_of(listener, "accept")->value;
  // What changes a list in another way has no place for them.
  if (!accept.is_list()) return;
  auto& items = entry_of(listener, "filters")->value.items();
  const auto end = items.begin() + count;
  std::move(items.begin(), end, std::back_inserter(accept.items()));
  items.erase(items.begin(), end);
}

}  // namespace

void Listener::align(Node& lower, Node& upper, const FilterSchema& filters) {
  if (upper.find("filters") != nullptr && upper.find("chains") != nullptr) return;
  const auto is_accept = [&filters](const Node& item) {
    const NodeEntry* const type = filter_type(item);
    const auto found = filters.types.find(type == nullptr ? item.text() : type->key);
    return found != filters.types.end() && found->second.accept;
  };
  if (lower.find("chains") != nullptr) {
    // Over a chain it only changes what is there, and most types for `accept` may stand in both.
    const Node* const chain = default_chain(lower);
    const auto is_below = [&](const Node& item) {
      const std::string name = filter_name(item);
      return has_filter(lower.find("accept"), name) && !has_filter(chain->find("filters"), name);
    };
    move_accept(upper, chain == nullptr ? IsAccept(is_accept) : IsAccept(is_below));
    make_chain(upper);
  }
  if (upper.find("chains") != nullptr) {
    move_accept(lower, is_accept);
    make_chain(lower);
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
