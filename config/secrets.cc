#include "config/secrets.h"

#include <string_view>

namespace weir::config {
namespace {

bool is_reference(std::string_view text) {
  return text.starts_with("${") && text.find('}') == text.size() - 1 &&
         text.find(":-") == std::string_view::npos;
}

void hide_all(Node& tree) {
  if (tree.is_scalar() && !is_reference(tree.text())) {
    tree = Node::scalar(tree.where(), "(hidden)", true);
  }
  for (Node& item : tree.items()) hide_all(item);
  for (NodeEntry& entry : tree.entries()) hide_all(entry.value);
}

}  // namespace

void hide_secrets(const FilterSchema& filters, ValueSchema outer, Node& tree) {
  const ValueSchema schema = outer.unwrapped();
  if (schema.rules.secret) return hide_all(tree);
  for (Node& item : tree.items()) hide_secrets(filters, schema.item(), item);
  for (NodeEntry& entry : tree.entries()) {
    hide_secrets(filters, filters.below(schema, entry.key), entry.value);
  }
}

}  // namespace weir::config
