#include "config/tree_path.h"

#include <algorithm>

#include "config/filter_item.h"

namespace weir::config {
namespace {

Node* find_item(ValueSchema list, Node& node, const PathStep& step) {
  if (!node.is_list()) return list.rules.one_or_many && step.index == 0 ? &node : nullptr;
  auto& items = node.items();
  if (list.keyed()) {
    const auto found = std::find_if(items.begin(), items.end(), [&](const Node& item) {
      return item_name(list.item().type, item, list.rules) == step.name;
    });
    if (found != items.end()) return &*found;
  }
  return step.index && *step.index < items.size() ? &items[*step.index] : nullptr;
}

}  // namespace

void expand(ValueSchema schema, Node& node, Reading& reading) {
  if (schema.type.shape == Shape::Filter) {
    expand_filter(node);
  } else if (schema.type.shape == Shape::Struct && !(schema.rules.or_off && node.text() == "off")) {
    expand_short_form(*schema.type.structure(), node, reading);
  }
}

Node* TreePath::enter(Node* node, const PathStep& step) {
  const ValueSchema at = schema();
  const bool list = at.type.shape == Shape::List || (node != nullptr && node->is_list());
  const bool in_struct = !list && at.type.shape == Shape::Struct;
  owner_ = in_struct ? at.type.structure() : nullptr;
  field_ = in_struct ? owner_->field(step.name) : nullptr;
  const ValueSchema below = list ? at.item() : filters_->below(at, step.name);
  type_ = &below.type;
  rules_ = &below.rules;
  if (node == nullptr) return nullptr;
  if (list) return find_item(at, *node, step);
  expand(at, *node, *reading_);
  const auto found = std::find_if(node->entries().begin(), node->entries().end(),
                                  [&](const NodeEntry& entry) { return entry.key == step.name; });
  return found == node->entries().end() ? nullptr : &found->value;
}

std::string TreePath::normal() const {
  return field_ == nullptr ? std::string() : show_default(*owner_, *field_);
}

std::vector<std::string> TreePath::known(const Node& node) const {
  std::vector<std::string> names;
  for (const NodeEntry& entry : node.entries()) names.push_back(entry.key);
  for (const Node& item : node.items()) {
    if (schema().keyed()) names.push_back(item_name(schema().item().type, item, schema().rules));
  }
  return names;
}

}  // namespace weir::config
