#pragma once

#include "config/filter_schema.h"
#include "config/node.h"
#include "config/sources.h"

namespace weir::config {

// Makes every path absolute that is relative to the file that wrote it, in `${file:…}` too: the
// tree means the same wherever it is written down.
void anchor_paths(const FilterSchema& filters, ValueSchema schema, const Sources& sources,
                  Node& tree);

}  // namespace weir::config
