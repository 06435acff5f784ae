#include "config/json_text.h"

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
      json = node.text();
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

}  // namespace

std::string to_json(const Node& tree) {
  return convert(tree).dump(2, ' ', true, Json::error_handler_t::replace);
}

}  // namespace weir::config
