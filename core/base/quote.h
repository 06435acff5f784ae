#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

// So many bytes of a text say which one is meant.
inline constexpr std::size_t kMostQuoted = 100;

// `text` as a message tells it: the beginning of a long one, in whole characters, and "…".
std::string clipped(std::string_view text, std::size_t most = kMostQuoted);
// The same as 'text'.
std::string quote(std::string_view text);

}  // namespace weir
