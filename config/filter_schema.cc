#include "config/filter_schema.h"

#include "config/schema.h"

namespace weir::config {

ValueSchema ValueSchema::unwrapped() const {
  return type.shape == Shape::Wrapper ? ValueSchema{type.element(), rules}.unwrapped() : *this;
}

bool ValueSchema::keyed() const {
  return type.shape == Shape::List &&
         (type.element().shape == Shape::Filter || rules.merge == Merge::Keyed);
}

ValueSchema ValueSchema::item() const {
  return {type.shape == Shape::List ? type.element() : type_info<Node>(), kNoRules};
}

ValueSchema FilterSchema::below(ValueSchema schema, std::string_view key) const {
  const TypeInfo& type = schema.type;
  // A map has the rules of its field, which are about what is in it.
  if (type.shape == Shape::Map) return {type.element(), schema.rules};
  if (type.shape == Shape::Struct) {
    const FieldInfo* field = type.structure()->field(key);
    if (field != nullptr) return {field->type(), field->rules};
  }
  if (type.shape == Shape::Filter) {
    const auto found = types.find(key);
    if (found != types.end()) return {*found->second.settings, kNoRules};
  }
  return {type_info<Node>(), kNoRules};
}

}  // namespace weir::config
