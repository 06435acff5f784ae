#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir::http {

using DateText = std::array<char, 29>;

// Writes an IMF-fixdate (RFC 9110 section 5.6.7), such as "Sun, 06 Nov 1994 08:49:37 GMT", of years
// 1 to 9999 into `text` and returns it. Callers keep the text for as long as the second lasts.
std::string_view format_date(std::int64_t unix_seconds, DateText& text);

}  // namespace weir::http
