#include "config/describe.h"

#include <algorithm>

namespace weir::config {

namespace {

using Ancestors = std::vector<const StructInfo*>;

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

std::vector<Description> describe_fields(const StructInfo& structure, Ancestors& ancestors);

void fill_type(const TypeInfo& type, Description& description, Ancestors& ancestors) {
  const TypeInfo& inner = innermost(type);
  description.type = type_words(type);
  description.names.assign(inner.names.begin(), inner.names.end());
  if (inner.shape != Shape::Struct) return;
  const StructInfo* structure = inner.structure();
  if (std::find(ancestors.begin(), ancestors.end(), structure) != ancestors.end()) return;
  ancestors.push_back(structure);
  description.fields = describe_fields(*structure, ancestors);
  ancestors.pop_back();
}

Description describe_field(const StructInfo& structure, const FieldInfo& field,
                           Ancestors& ancestors) {
  const Rules& rules = field.rules;
  Description description;
  description.name = field.name;
  description.doc = field.doc;
  description.normal = show_default(structure, field);
  description.choice = rules.choice;
  description.choice_required = rules.choice_required;
  description.required = rules.required;
  description.secret = rules.secret;
  description.or_off = rules.or_off;
  description.one_or_many = rules.one_or_many;
  const TypeInfo& inner = innermost(field.type());
  if (rules.least != Rules().least) description.least = inner.show_measure(rules.least);
  if (rules.most != Rules().most) description.most = inner.show_measure(rules.most);
  fill_type(field.type(), description, ancestors);
  return description;
}

std::vector<Description> describe_fields(const StructInfo& structure, Ancestors& ancestors) {
  std::vector<Description> fields;
  for (const FieldInfo& field : structure.fields) {
    fields.push_back(describe_field(structure, field, ancestors));
  }
  return fields;
}

}  // namespace

Description describe(const TypeInfo& type) {
  Description description;
  Ancestors ancestors;
  fill_type(type, description, ancestors);
  return description;
}

}  // namespace weir::config
