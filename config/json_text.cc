#include "config/json_text.h"

#include <string_view>

#include <nlohmann/json.hpp>

namespace weir::config {
namespace {

using Json = nlohmann::ordered_json;

Json convert(const Node& node) {
  Json json;
  switch (node.kind()) {
    case Node::Kind::Null:
      break;
    case Node::Kind::Scalar:
      json = node.is_literal() ? Json::parse(node.text(), nullptr, false) : Json(node.text());
      break;
    case Node::Kind::List:
      json = Json::array();
      for (const Node& item : node.items()) json.push_back(convert(item));
      break;
    case Node::Kind::Map:
      json = Json::object();
      for (const NodeEntry& entry : node.entries()) json[entry.key] = convert(entry.value);
      break;
  }
  return json;
}

// Characters stand for themselves, since the two `\u` that JSON makes of some are none in YAML; but
// the control characters behind those of which JSON has escapes.
std::string without_controls(std::string_view json) {
  std::string out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto byte = static_cast<unsigned char>(json[i]);
    const auto next = static_cast<unsigned char>(i + 1 < json.size() ? json[i + 1] : 0);
    const bool behind_ascii = byte == 0xC2 && next < 0xA0;
    if (byte != 0x7F && !behind_ascii) {
      out += json[i];
      continue;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    const unsigned char control = behind_ascii ? next : byte;
    ((out += "\\u00") += kDigits[control >> 4]) += kDigits[control & 15];
    if (behind_ascii) ++i;
  }
  return out;
}

}  // namespace

std::string to_json(const Node& tree) {
  return without_controls(convert(tree).dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace weir::config
