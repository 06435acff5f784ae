#pragma once

#include <memory>

#include "core/filter/network_filter.h"

namespace weir::filters {

// The item `http` of a chain: HTTP from here on. Its settings are those of the chain's HttpChain.
std::unique_ptr<filter::NetworkTerminalFactory> make_http_codec();

}  // namespace weir::filters
