#pragma once

#include <cstddef>

#include "core/event/reactor.h"

namespace weir::filter {

inline constexpr std::size_t kExchangeIdSize = 32;

// Writes kExchangeIdSize random hexadecimal digits.
void write_exchange_id(event::Reactor& reactor, char* to);

}  // namespace weir::filter
