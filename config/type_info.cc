#include "config/type_info.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/filter_item.h"
#include "config/values.h"

namespace weir::config {

namespace {

Node wrap(std::string_view key, Node value) {
  Node map = Node::map(value.where());
  map.add(std::string(key), std::move(value));
  return map;
}

bool is_choice(const StructInfo& structure, std::string_view name) {
  const FieldInfo* field = structure.field(name);
  return field != nullptr && !field->rules.choice.empty();
}

std::string scalar_below(const Node& map, std::string_view key) {
  const Node* found = key.empty() ? nullptr : map.find(key);
  return found == nullptr ? std::string() : found->text();
}

std::string show_list(const TypeInfo& type, const void* list, const Rules& rules) {
  std::string text = "[";
  for (std::size_t i = 0; const void* item = type.at(list, i); ++i) {
    if (i > 0) text += ", ";
    text += show_value(type.element(), item, rules);
  }
  return text + ']';
}

}  // namespace

bool expand_short_form(const StructInfo& structure, Node& node, Reading& reading) {
  if (structure.expand != nullptr) structure.expand(node);
  if (!node.is_scalar()) return true;
  const ShortForms& shorts = structure.shorts;
  if (!shorts.off.empty() || shorts.choice) {
    const std::optional<std::string> text = reading.text(node);
    if (!text) return false;
    if (!shorts.off.empty() && is_switch(*text)) {
      node = wrap(shorts.off, Node::scalar(node.where(), is_off(*text) ? "false" : "true"));
      return true;
    }
    if (shorts.choice && is_choice(structure, *text)) {
      node = wrap(*text, Node::map(node.where()));
      return true;
    }
  }
  if (!shorts.scalar.empty()) node = wrap(shorts.scalar, std::move(node));
  return true;
}

const TypeInfo& type_of_text(const TypeInfo& type) {
  if (type.shape == Shape::Wrapper || type.shape == Shape::List)
    return type_of_text(type.element());
  if (type.shape != Shape::Struct) return type;
  const FieldInfo* const field = type.structure()->field(type.structure()->shorts.scalar);
  return field == nullptr ? type : type_of_text(field->type());
}

std::string normal_name(const TypeInfo& element, std::string name, const Rules& rules) {
  if (element.shape != Shape::Struct) return name;
  const FieldInfo* const key = element.structure()->field(rules.key);
  if (key == nullptr) return name;
  const TypeInfo* type = &key->type();
  while (type->shape == Shape::Wrapper) type = &type->element();
  if (type->normal == nullptr) return name;
  return type->normal(name).value_or(std::move(name));
}

std::string_view normal_word(const TypeInfo& type, std::string_view text) {
  constexpr std::string_view kOff = "off";
  const bool has_off = std::find(type.names.begin(), type.names.end(), kOff) != type.names.end();
  return has_off && is_off(text) ? kOff : text;
}

std::string item_name(const TypeInfo& element, const Node& item, const Rules& rules) {
  if (element.shape == Shape::Filter) {
    const std::string set = scalar_below(item, "use");
    return set.empty() ? filter_name(item) : "use:" + set;
  }
  if (item.is_scalar()) return normal_name(element, item.text(), rules);
  if (!item.is_map()) return {};
  std::string name = normal_name(element, scalar_below(item, rules.key), rules);
  if (name.empty()) name = scalar_below(item, rules.other_key);
  if (!name.empty() || element.shape != Shape::Struct) return name;
  const StructInfo* structure = element.structure();
  return structure->name_of == nullptr ? name : structure->name_of(item);
}

std::string show_value(const TypeInfo& type, const void* value, const Rules& rules) {
  switch (type.shape) {
    case Shape::Scalar:
    case Shape::Enum:
      return type.show(value);
    case Shape::Wrapper: {
      const void* content = type.at(value, 0);
      if (content == nullptr) return rules.or_off ? "off" : "";
      return show_value(type.element(), content, rules);
    }
    case Shape::List:
      return show_list(type, value, rules);
    case Shape::Map:
    case Shape::Struct:
    case Shape::Tree:
    case Shape::Filter:
    case Shape::Custom:
      return {};
  }
  return {};
}

std::string show_default(const StructInfo& structure, const FieldInfo& field) {
  if (field.rules.required || field.rules.secret || field.rules.not_empty) return {};
  return show_value(field.type(), field.value_in(structure.defaults()), field.rules);
}

}  // namespace weir::config
