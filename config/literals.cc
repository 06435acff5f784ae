#include "config/literals.h"

#include <nlohmann/json.hpp>

#include "config/schema.h"

namespace weir::config {
namespace {

void name_literal(const TypeInfo& type, Node& scalar) {
  if (type.literal == Literal::Text || !scalar.is_scalar()) return;
  std::string text = scalar.text();
  if (type.normal != nullptr) text = type.normal(text).value_or(text);
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_number() || json.is_boolean()) scalar = Node::literal(scalar.where(), text);
}

}  // namespace

void name_literals(const FilterSchema& filters, ValueSchema outer, Node& tree) {
  const ValueSchema schema = outer.unwrapped();
  const bool alone = schema.type.shape == Shape::List && schema.rules.one_or_many;
  name_literal(alone ? schema.item().unwrapped().type : schema.type, tree);
  for (Node& item : tree.items()) name_literals(filters, schema.item(), item);
  for (NodeEntry& entry : tree.entries()) {
    const bool is_switch = schema.type.shape == Shape::Filter && entry.key == "enabled";
    if (is_switch) name_literal(type_info<bool>(), entry.value);
    name_literals(filters, filters.below(schema, entry.key), entry.value);
  }
}

}  // namespace weir::config
