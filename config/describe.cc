#include "config/describe.h"

namespace weir::config {
namespace {

std::string type_words(const TypeInfo& type) {
  switch (type.shape) {
    case Shape::Wrapper:
      return type_words(type.element());
    case Shape::List:
      return "list of " + type_words(type.element());
    case Shape::Map:
      return "map of " + type_words(type.element());
    case Shape::Struct:
      return std::string(type.structure()->name.empty() ? type.word : type.structure()->name);
    default:
      return std::string(type.word);
  }
}

const TypeInfo& innermost(const TypeInfo& type) {
  return type.element == nullptr ? type : innermost(type.element());
}

std::string range_of(const TypeInfo& type, const Rules& rules) {
  const bool least = rules.least != Rules().least;
  const bool most = rules.most != Rules().most;
  if (!least && !most) return {};
  if (!most) return "at least " + type.show_measure(rules.least);
  if (!least) return "at most " + type.show_measure(rules.most);
  return type.show_measure(rules.least) + " to " + type.show_measure(rules.most);
}

}  // namespace

Description describe(const StructInfo& structure, const FieldInfo& field) {
  const TypeInfo& inner = innermost(field.type());
  Description description;
  description.type = type_words(field.type());
  description.normal = show_default(structure, field);
  description.range = range_of(inner, field.rules);
  description.names.assign(inner.names.begin(), inner.names.end());
  if (inner.shape == Shape::Struct) description.structure = inner.structure();
  return description;
}

}  // namespace weir::config
