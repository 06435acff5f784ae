#include "config/model/listener.h"

#include <algorithm>
#include <utility>

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

}  // namespace

void Listener::align(Node& lower, Node& upper) {
  if (upper.find("filters") != nullptr && upper.find("chains") != nullptr) return;
  if (lower.find("chains") != nullptr) make_chain(upper);
  if (upper.find("chains") != nullptr) make_chain(lower);
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
