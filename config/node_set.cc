#include "config/node_set.h"

#include <algorithm>

namespace weir::config {

NodeSet::NodeSet(const Node& list) {
  for (const Node& item : list.items()) add(item);
}

bool NodeSet::add(const Node& item) {
  if (item.is_scalar()) return texts_.insert(item.text()).second;
  if (holds(item)) return false;
  others_.push_back(item);
  return true;
}

bool NodeSet::holds(const Node& item) const {
  if (item.is_scalar()) return texts_.contains(item.text());
  return std::any_of(others_.begin(), others_.end(),
                     [&item](const Node& one) { return same(one, item); });
}

}  // namespace weir::config
