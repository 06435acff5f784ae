#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/position.h"

namespace weir::config {

struct NodeEntry;

// One value of a configuration as it was written, with its position. A plain tree: it owns its
// children, copies deeply, and is at most as deep as the reader allows.
class Node {
 public:
  enum class Kind : std::uint8_t { Null, Scalar, List, Map };

  Node() = default;
  static Node null(Position where);
  static Node scalar(Position where, std::string text, bool quoted = false);
  // Of a number or a boolean as JSON writes it.
  static Node literal(Position where, std::string text);
  static Node list(Position where);
  static Node map(Position where);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::Null; }
  bool is_scalar() const { return kind_ == Kind::Scalar; }
  bool is_list() const { return kind_ == Kind::List; }
  bool is_map() const { return kind_ == Kind::Map; }
  // Of a value that came through an alias: the place of the alias.
  Position where() const { return where_; }
  void set_where(Position where) { where_ = where; }

  // Of a scalar, else empty: as written, `${…}` not replaced.
  const std::string& text() const { return text_; }
  // Whether the scalar was quoted or a block, so that it can be nothing but text.
  bool quoted() const { return quoted_; }
  // Whether it is known to be a number or a boolean, in the notation of JSON.
  bool is_literal() const { return literal_; }

  // Of a list, else empty.
  const std::vector<Node>& items() const { return items_; }
  std::vector<Node>& items() { return items_; }
  // Of a map, else empty: in written order, no key twice.
  const std::vector<NodeEntry>& entries() const { return entries_; }
  std::vector<NodeEntry>& entries() { return entries_; }

  // The entry or value of `key` in a map, or null. Linear: for the few keys of a struct.
  const NodeEntry* entry(std::string_view key) const;
  const Node* find(std::string_view key) const;
  // Adds an entry at the end of a map; the key must be new. Its position is that of `value`.
  Node& add(std::string key, Node value);

  // "text", "a list", "a map", "nothing": what a message says was found.
  std::string_view kind_word() const;

 private:
  Kind kind_ = Kind::Null;
  bool quoted_ = false;
  bool literal_ = false;
  Position where_;
  std::string text_;
  std::vector<Node> items_;
  std::vector<NodeEntry> entries_;
};

// One key of a map and its value.
struct NodeEntry {
  std::string key;
  Position where;  // of the key
  Node value;
};

// Whether two values say the same, wherever they were written and in whatever order their keys are.
bool same(const Node& a, const Node& b);

}  // namespace weir::config
