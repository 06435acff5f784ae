#pragma once

#include <string>
#include <vector>

#include "config/schema.h"
#include "config/type_info.h"

namespace weir::config {

// What the declaration of one field says, in words.
struct Description {
  std::string type;                // "duration", "list of text", "map of route"
  std::string normal;              // the default; empty when there is none, or none to show
  std::string range;               // "1ms to 1h", "at least 1", "at most 5"; or empty
  std::vector<std::string> names;  // the values of an enum
  // The struct that the value is, or is made of; null when there is none.
  const StructInfo* structure = nullptr;
};

Description describe(const StructInfo& structure, const FieldInfo& field);

}  // namespace weir::config
