#pragma once

#include <cstdint>
#include <string_view>

namespace weir::http {

// The usual phrase, a literal; "Unknown" for a status that is not registered.
std::string_view reason_phrase(std::uint16_t status);

}  // namespace weir::http
