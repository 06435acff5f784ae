#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/net/address.h"

namespace weir::filters {

// What a PROXY protocol header says (version 1 as text or 2 as bytes).
struct ProxiedConnection {
  // Nothing for LOCAL and UNKNOWN: the connection is the sender's own.
  std::optional<net::Address> source;
  std::optional<net::Address> destination;
  std::size_t header_size = 0;
};

enum class ProxyParse : std::uint8_t {
  Incomplete,  // so far it is a header; more bytes are needed
  Complete,
  Absent,  // it does not begin like a header
  Failed   // it begins like one and is malformed
};

// The largest header of version 2 that is accepted, TLVs included; one of version 1 has at most 107
// bytes.
inline constexpr std::size_t kMaxProxyHeader = 4096;

// Reads the header at the start of `bytes`, which are all that came so far. Strict: version 1 is
// one line of canonical addresses and ports; in version 2 the addresses and every TLV fit exactly.
ProxyParse parse_proxy_header(std::string_view bytes, ProxiedConnection& result);

}  // namespace weir::filters
