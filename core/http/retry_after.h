#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::http {

// Seconds from `now` on that a Retry-After asks to wait (RFC 9110 section 10.2.3): a number, or an
// IMF-fixdate, which is 0 when it has passed. Nothing when it is neither.
std::optional<std::uint64_t> parse_retry_after(std::string_view value, std::int64_t now);

}  // namespace weir::http
