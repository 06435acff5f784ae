#pragma once

#include <string>

namespace weir::config {

// The reference page, as Markdown: every key with type, default and meaning, every filter, the
// directives of layers, the notations of values, the variables, the fields of a log line and the
// reason codes. All of it comes from the declarations.
std::string reference();

// The JSON Schema of a file, with all filters.
std::string schema();

}  // namespace weir::config
