#pragma once

#include <cstdint>

namespace weir::route {

// What explanations have of texts that came from variables and files: these themselves, for
// comparisons; or what may be shown, which is how they were written.
enum class Texts : std::uint8_t { Real, Shown };

}  // namespace weir::route
