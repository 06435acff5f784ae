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
  if (address.empty() && !reading.lacks_values()) {
    return reading.error_below("address", node.find("address")->where(), "names no address");
  }
  const auto is_v6 = [](const Located<net::Address>& one) {
    return one.value.family() == net::Address::Family::V6;
  };
  if (ipv6_only && std::none_of(address.begin(), address.end(), is_v6)) {
    reading.warning_below("ipv6_only", node.find("ipv6_only")->where(),
                          "has no effect: no address of it is of IPv6");
  }
  if (filters || !chains.empty()) return true;
  return reading.error_below("chains", node.find("chains")->where(), "has no chain");
}

}  // namespace weir::config::model
