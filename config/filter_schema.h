#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/type_info.h"

namespace weir::config {

// What the schema says of one value: its type, and what its field asks of it.
struct ValueSchema {
  const TypeInfo& type;
  const Rules& rules;

  // Without what only holds a value: std::optional and the like.
  ValueSchema unwrapped() const;
  // Whether it is a list whose items go by a name.
  bool keyed() const;
  // Of the items of a list.
  ValueSchema item() const;
};

// The schema of filters, of which that of the configuration itself knows none.
struct FilterSchema {
  struct Type {
    const TypeInfo* settings = nullptr;
    bool terminal = false;  // nothing behind it can act
    bool accept = false;    // it may run before a chain is chosen
  };
  std::map<std::string, Type, std::less<>> types;

  // Of the value of `key` in a map of this schema; of any tree when it is unknown.
  ValueSchema below(ValueSchema schema, std::string_view key) const;
  // What is wrong with `entry`, whose key is no filter and stands beside the name of one of `type`,
  // when it is most likely a setting of that; else nothing.
  std::string misplaced_setting(std::string_view type, std::string_view name,
                                const NodeEntry& entry) const;
};

}  // namespace weir::config
