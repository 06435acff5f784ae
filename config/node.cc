#include "config/node.h"

#include <algorithm>
#include <utility>

namespace weir::config {

Node Node::null(Position where) {
  Node node;
  node.where_ = where;
  return node;
}

Node Node::scalar(Position where, std::string text, bool quoted) {
  Node node = null(where);
  node.kind_ = Kind::Scalar;
  node.text_ = std::move(text);
  node.quoted_ = quoted;
  return node;
}

Node Node::literal(Position where, std::string text) {
  Node node = scalar(where, std::move(text));
  node.literal_ = true;
  return node;
}

Node Node::list(Position where) {
  Node node = null(where);
  node.kind_ = Kind::List;
  return node;
}

Node Node::map(Position where) {
  Node node = null(where);
  node.kind_ = Kind::Map;
  return node;
}

const NodeEntry* Node::entry(std::string_view key) const {
  for (const NodeEntry& entry : entries_) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const Node* Node::find(std::string_view key) const {
  const NodeEntry* found = entry(key);
  return found == nullptr ? nullptr : &found->value;
}

Node& Node::add(std::string key, Node value) {
  const Position where = value.where();
  return entries_.emplace_back(NodeEntry{std::move(key), where, std::move(value)}).value;
}

std::string_view Node::kind_word() const {
  switch (kind_) {
    case Kind::Null:
      return "nothing";
    case Kind::Scalar:
      return "text";
    case Kind::List:
      return "a list";
    case Kind::Map:
      return "a map";
  }
  return "";
}

bool same(const Node& a, const Node& b) {
  if (a.kind() != b.kind() || a.text() != b.text()) return false;
  const auto entry_same = [&b](const NodeEntry& one) {
    const Node* const other = b.find(one.key);
    return other != nullptr && same(one.value, *other);
  };
  return a.entries().size() == b.entries().size() &&
         std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(), same) &&
         std::all_of(a.entries().begin(), a.entries().end(), entry_same);
}

}  // namespace weir::config
