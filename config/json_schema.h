#pragma once

#include <string>

#include "config/filter_schema.h"
#include "config/type_info.h"

namespace weir::config {

// A JSON Schema (draft 7, the one that editors know) of what one file may hold whose content is of
// the type `root`: keys, types, units, ranges, what excludes each other, short forms, directives
// and
// `${…}`, with the doc and the default of every field. A file may be a layer, so that nothing is
// required.
std::string json_schema(const TypeInfo& root, const FilterSchema& filters);

}  // namespace weir::config
