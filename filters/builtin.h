#pragma once

#include <span>

#include "core/filter/registry.h"

namespace weir::filters {

// Every filter that is built in, for the configuration to name.
std::span<const filter::FilterType> builtin_filters();

}  // namespace weir::filters
