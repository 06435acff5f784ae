#include "config/filter_item.h"

#include <utility>

#include "config/values.h"

namespace weir::config {
namespace {

std::string_view stem(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  const std::size_t dot = path.rfind('.');
  return dot == 0 ? path : path.substr(0, dot);
}

// The text below `key`, or empty.
std::string_view text_of(const Node& map, std::string_view key) {
  const Node* found = map.find(key);
  return found == nullptr ? std::string_view() : std::string_view(found->text());
}

}  // namespace

void expand_filter(Node& item) {
  if (!item.is_scalar()) return;
  Node map = Node::map(item.where());
  map.add(item.text(), Node::map(item.where()));
  item = std::move(map);
}

bool is_item_key(std::string_view key) {
  return key == "name" || key == "enabled" || key == "use" || key.starts_with('$');
}

const NodeEntry* filter_type(const Node& item) {
  for (const NodeEntry& entry : item.entries()) {
    if (!is_item_key(entry.key)) return &entry;
  }
  return nullptr;
}

const Node* filter_switch(const Node& item) {
  if (const Node* const enabled = item.find("enabled")) return enabled;
  const NodeEntry* const type = filter_type(item);
  return type != nullptr && is_switch(type->value.text()) ? &type->value : nullptr;
}

std::string filter_name(const Node& item) {
  if (item.is_scalar()) return item.text();
  std::string_view name = text_of(item, "name");
  const NodeEntry* type = filter_type(item);
  if (!name.empty() || type == nullptr) return std::string(name);
  if (type->key == "plugin") name = text_of(type->value, "id");
  if (type->key == "lua") name = stem(text_of(type->value, "script"));
  return name.empty() ? type->key : std::string(name);
}

}  // namespace weir::config
