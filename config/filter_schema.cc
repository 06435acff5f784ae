#include "config/filter_schema.h"

#include <vector>

#include "config/schema.h"
#include "core/base/quote.h"
#include "core/base/suggest.h"

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

std::string FilterSchema::misplaced_setting(std::string_view type, std::string_view name,
                                            const NodeEntry& entry) const {
  const auto found = types.find(type);
  if (found == types.end() || types.contains(entry.key)) return {};
  std::vector<std::string_view> settings;
  for (const FieldInfo& field : found->second.settings->structure()->fields) {
    settings.push_back(field.name);
  }
  const std::string_view meant = nearest(entry.key, settings);
  const FieldInfo* const field = found->second.settings->structure()->field(meant);
  if (field == nullptr) return {};
  std::string message = quote(entry.key) + " is no filter";
  message += meant == entry.key ? " but" : ", and " + quote(meant) + " is";
  message += " a setting of " + std::string(type) + ": write { ";
  if (name != type) message += "name: " + clipped(name) + ", ";
  const bool shown = entry.value.is_scalar() && !field->rules.secret;
  return message + std::string(type) + ": { " + std::string(meant) + ": " +
         (shown ? clipped(entry.value.text()) : "…") + " } }";
}

}  // namespace weir::config
