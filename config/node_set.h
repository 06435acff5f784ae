#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "config/node.h"

namespace weir::config {

// Values without regard to their order, by what they say: the items of a list that is a set.
class NodeSet {
 public:
  explicit NodeSet(const Node& list);

  // False when one that says the same is in it.
  bool add(const Node& item);
  bool holds(const Node& item) const;

 private:
  std::unordered_set<std::string> texts_;
  std::vector<Node> others_;
};

}  // namespace weir::config
