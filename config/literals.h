#pragma once

#include "config/filter_schema.h"
#include "config/node.h"

namespace weir::config {

// Makes literals of the scalars that the schema says are numbers or booleans, in the notation that
// JSON has for them; `${…}` and what means something else stay texts.
void name_literals(const FilterSchema& filters, ValueSchema schema, Node& tree);

}  // namespace weir::config
