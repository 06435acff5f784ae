#pragma once

#include <string>
#include <vector>

#include "config/filter_schema.h"
#include "config/key_path.h"
#include "config/node.h"
#include "config/reading.h"

namespace weir::config {

// Brings a filter or a struct in its short form into the long one, in place.
void expand(ValueSchema schema, Node& node, Reading& reading);

// A way down a tree and its schema, by the steps of a path: keys of maps, names of items in keyed
// lists, indexes in others; the settings of a filter directly below its name. Short forms that it
// meets are expanded in place, which changes nothing of what the tree means.
class TreePath {
 public:
  // Both outlive this.
  TreePath(const FilterSchema& filters, Reading& reading, ValueSchema schema)
      : filters_(&filters), reading_(&reading), type_(&schema.type), rules_(&schema.rules) {}

  // The value below `node` that `step` leads to, or null; the schema moves along either way.
  Node* enter(Node* node, const PathStep& step);

  // Of the value that it has come to, without what only holds it.
  ValueSchema schema() const { return ValueSchema{*type_, *rules_}.unwrapped(); }
  // The default of that value, or empty when it has none that fits a line.
  std::string normal() const;
  // Whether the last step was to a field that the schema has, whether it is written or not.
  bool at_field() const { return field_ != nullptr; }
  // What a step could be at `node`: its keys and fields, or the names of its items.
  std::vector<std::string> known(const Node& node) const;

 private:
  Node* enter_settings(Node* filter);
  void move(ValueSchema to);

  const FilterSchema* filters_;
  Reading* reading_;
  const TypeInfo* type_;
  const Rules* rules_;
  // The struct that it has come through last, and its field, when that is where the value is.
  const StructInfo* owner_ = nullptr;
  const FieldInfo* field_ = nullptr;
};

}  // namespace weir::config
