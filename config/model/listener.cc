#include "config/model/listener.h"

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

}  // namespace weir::config::model
