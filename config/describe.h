#pragma once

#include <string>
#include <vector>

#include "config/schema.h"
#include "config/type_info.h"

namespace weir::config {

// What a declaration says, as plain data: for a JSON Schema, a reference page, completion.
struct Description {
  std::string name;  // of the field; empty for a whole type
  std::string type;  // "duration", "list of text", "map of route"
  std::string doc;
  std::string normal;  // the default; empty when there is none, or none to show
  std::string least;   // the range, each end empty when there is none
  std::string most;
  std::string choice;  // fields of one choice exclude each other
  bool choice_required = false;
  bool required = false;
  bool secret = false;
  bool or_off = false;
  bool one_or_many = false;
  std::vector<std::string> names;   // the values of an enum
  std::vector<Description> fields;  // of the struct inside; none where it is inside of itself
};

Description describe(const TypeInfo& type);

template <typename T>
Description describe() {
  return describe(type_info<T>());
}

}  // namespace weir::config
