#include "config/tree_path.h"

#include <algorithm>

#include "config/filter_item.h"
#include "config/values.h"

namespace weir::config {
namespace {

Node* find_item(ValueSchema list, Node& node, const PathStep& step) {
  if (!node.is_list()) return list.rules.one_or_many && step.index == 0 ? &node : nullptr;
  auto& items = node.items();
  if (list.keyed()) {
    const TypeInfo& element = list.item().type;
    const std::string name = normal_name(element, step.name, list.rules);
    const auto found = std::find_if(items.begin(), items.end(), [&](const Node& item) {
      return item_name(element, item, list.rules) == name;
    });
    if (found != items.end()) return &*found;
  }
  return step.index && *step.index < items.size() ? &items[*step.index] : nullptr;
}

Node* find_entry(Node& map, std::string_view key) {
  const auto found = std::find_if(map.entries().begin(), map.entries().end(),
                                  [&](const NodeEntry& entry) { return entry.key == key; });
  return found == map.entries().end() ? nullptr : &found->value;
}

}  // namespace

void expand(ValueSchema schema, Node& node, Reading& reading) {
  if (schema.type.shape == Shape::Filter) {
    expand_filter(node);
  } else if (schema.type.shape == Shape::Struct && !(schema.rules.or_off && is_off(node.text()))) {
    expand_short_form(*schema.type.structure(), node, reading);
  }
}

Node* TreePath::enter(Node* node, const PathStep& step) {
  const ValueSchema at = schema();
  if (node != nullptr) expand(at, *node, *reading_);
  if (at.type.shape == Shape::Filter && !is_item_key(step.name)) node = enter_settings(node);
  const ValueSchema in = schema();
  const bool list = in.type.shape == Shape::List || (node != nullptr && node->is_list());
  const bool in_struct = !list && in.type.shape == Shape::Struct;
  owner_ = in_struct ? in.type.structure() : nullptr;
  field_ = in_struct ? owner_->field(step.name) : nullptr;
  move(list ? in.item() : filters_->below(in, step.name));
  if (node == nullptr) return nullptr;
  return list ? find_item(in, *node, step) : find_entry(*node, step.name);
}

// The settings of a filter are below its name: the type is no step of its own.
Node* TreePath::enter_settings(Node* filter) {
  const NodeEntry* const type = filter == nullptr ? nullptr : filter_type(*filter);
  const std::string name = type == nullptr ? std::string() : type->key;
  move(filters_->below(schema(), name));
  Node* const settings = type == nullptr ? nullptr : find_entry(*filter, name);
  if (settings != nullptr) expand(schema(), *settings, *reading_);
  return settings;
}

void TreePath::move(ValueSchema to) {
  type_ = &to.type;
  rules_ = &to.rules;
}

std::string TreePath::normal() const {
  return field_ == nullptr ? std::string() : show_default(*owner_, *field_);
}

std::vector<std::string> TreePath::known(const Node& node) const {
  std::vector<std::string> names;
  const NodeEntry* const type = schema().type.shape == Shape::Filter ? filter_type(node) : nullptr;
  const Node& map = type == nullptr ? node : type->value;
  const ValueSchema at = type == nullptr ? schema() : filters_->below(schema(), type->key);
  if (at.type.shape == Shape::Struct) {
    for (const FieldInfo& field : at.type.structure()->fields) names.emplace_back(field.name);
    return names;
  }
  for (const NodeEntry& entry : map.entries()) names.push_back(entry.key);
  for (const Node& item : node.items()) {
    if (schema().keyed()) names.push_back(item_name(schema().item().type, item, schema().rules));
  }
  return names;
}

}  // namespace weir::config
