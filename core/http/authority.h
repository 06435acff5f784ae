#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/arena.h"

namespace weir::http {

// host [ ":" port ] as it stands in Host and :authority. A view of what was parsed.
struct Authority {
  std::string_view host;   // an IPv6 address with its brackets
  std::uint16_t port = 0;  // 0 when there is none
};

// Accepts a name of unreserved characters and sub-delimiters other than the comma, whose labels are
// not empty but for the root's at the end, an IPv4 address, or an IPv6 address in brackets (RFC
// 3986 section 3.2.2); then a port of 1 to 65535 without leading zeros. Nothing for anything else:
// escapes, user information, an empty host or port, zone ids, future address forms.
std::optional<Authority> parse_authority(std::string_view text);

// The one spelling of such a host, in lower case, for decisions: a name without the dot of the
// root, an IPv6 address as RFC 5952 has it. A view of `host` or of the arena.
std::string_view normal_host(std::string_view host, Arena& arena);

}  // namespace weir::http
