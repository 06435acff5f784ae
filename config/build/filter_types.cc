#include "config/build/filter_types.h"

#include <algorithm>
#include <vector>

#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config {

FilterPlace place_of(const filter::FilterType& type) {
  if (type.make_accept != nullptr) return FilterPlace::Accept;
  if (type.make_network != nullptr) return FilterPlace::Network;
  if (type.make_network_terminal != nullptr) return FilterPlace::NetworkTerminal;
  if (type.make_codec != nullptr) return FilterPlace::Codec;
  if (type.make_http != nullptr) return FilterPlace::Http;
  return FilterPlace::HttpTerminal;
}

bool FilterTypes::known(std::string_view name) const {
  return std::any_of(types_.begin(), types_.end(),
                     [name](const filter::FilterType& type) { return type.name == name; });
}

const filter::FilterType* FilterTypes::find(std::string_view name, FilterPlace place) const {
  for (const filter::FilterType& type : types_) {
    if (type.name == name && place_of(type) == place) return &type;
  }
  return nullptr;
}

bool FilterTypes::needs_settings(std::string_view name) const {
  return std::any_of(types_.begin(), types_.end(), [name](const filter::FilterType& type) {
    if (type.name != name) return false;
    const auto fields = type.settings().structure()->fields;
    return std::any_of(fields.begin(), fields.end(),
                       [](const FieldInfo& field) { return field.rules.required; });
  });
}

FilterSchema FilterTypes::schema() const {
  FilterSchema schema;
  for (const filter::FilterType& type : types_) {
    const FilterPlace place = place_of(type);
    const bool terminal =
        place == FilterPlace::NetworkTerminal || place == FilterPlace::HttpTerminal;
    const auto [known, is_new] = schema.types.try_emplace(
        std::string(type.name), FilterSchema::Type{&type.settings(), terminal, false});
    if (place == FilterPlace::Accept) known->second.accept = true;
  }
  return schema;
}

std::string FilterTypes::unknown(std::string_view name,
                                 std::span<const std::string_view> beside) const {
  std::vector<std::string_view> names;
  for (const filter::FilterType& type : types_) {
    if (std::find(names.begin(), names.end(), type.name) == names.end()) names.push_back(type.name);
  }
  std::sort(names.begin(), names.end());
  std::string message = "there is no filter " + quote(name);
  std::vector<std::string_view> all = names;
  all.insert(all.end(), beside.begin(), beside.end());
  const std::string meant = did_you_mean(name, all);
  return message + (meant.empty() ? "; there are " + join_or(names) : meant);
}

}  // namespace weir::config
