#pragma once

#include <cstdint>

namespace weir::config {

// What a configuration is found to be.
enum class Verdict : std::uint8_t { Sound, AtFault, Unreadable };

}  // namespace weir::config
