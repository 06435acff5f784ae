#pragma once

#include <cstdint>
#include <memory>

#include "core/base/state_scope.h"
#include "core/filter/accept_filter.h"

namespace weir::filters {

struct ConnectionLimitSettings {
  // Connections are counted by client address, of which this many leading bits matter; or all
  // together.
  bool by_client = true;
  std::uint8_t prefix_v4 = 32;
  std::uint8_t prefix_v6 = 64;
  std::uint32_t open = 0;   // at once; 0 is any number
  double rate = 0;          // new ones per second; 0 is any number
  std::uint32_t burst = 0;  // at once above the rate; 0 means one second's worth
};

// Closes connections over the limit at once, before they cost more. Counts are exact over all
// workers, and go on with those in `states`. At most kMaxClients addresses are remembered; beyond
// that a new address evicts one that has nothing open and whose rate has recovered, and is refused
// when there is none.
std::unique_ptr<filter::AcceptFilterFactory> make_connection_limit(
    const ConnectionLimitSettings& settings, const StateScope& states);

}  // namespace weir::filters
