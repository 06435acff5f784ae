#pragma once

#include "config/filter_schema.h"
#include "config/node.h"

namespace weir::config {

// Puts `(hidden)` in place of every text that the schema calls secret. One that is nothing but
// `${…}` tells where the secret comes from and not what it is, and stays.
void hide_secrets(const FilterSchema& filters, ValueSchema schema, Node& tree);

}  // namespace weir::config
