#pragma once

#include <cstdint>

namespace weir::config {

// What a scalar is where values have types, as in JSON; texts stand for all of them too.
enum class Literal : std::uint8_t { Text, Boolean, Integer, Number };

}  // namespace weir::config
