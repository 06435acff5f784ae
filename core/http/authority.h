#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::http {

// host [ ":" port ] as it stands in Host and :authority. A view of what was parsed.
struct Authority {
  std::string_view host;   // an IPv6 address with its brackets
  std::uint16_t port = 0;  // 0 when there is none
};

// Accepts a name of unreserved characters, well formed escapes and sub-delimiters other than the
// comma, an IPv4 address, or an IPv6 address in brackets (RFC 3986 section 3.2.2); then a port of
// 1 to 65535 without leading zeros. Nothing for anything else: user information, an empty host or
// port, zone ids, future address forms.
std::optional<Authority> parse_authority(std::string_view text);

}  // namespace weir::http
