#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/http/header_map.h"
#include "core/http/parse_error.h"

namespace weir::http {

// More options in Connection than any peer needs would make looking them up expensive.
inline constexpr std::size_t kMaxConnectionOptions = 32;

// What the headers of an HTTP/1 message say about the message's body and its connection.
struct H1Framing {
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
  std::uint8_t connection_options = 0;
  bool names_upgrade = false;    // Connection lists "upgrade"
  std::string_view upgrade;      // the values of Upgrade
  const Header* host = nullptr;  // the first
  bool repeated_host = false;
  bool expect_continue = false;    // Expect is "100-continue"
  bool other_expectation = false;  // Expect is something else
};

// Fills `framing`. Returns why the headers are refused (RFC 9112 sections 6.1 and 6.3), or null.
const ParseError* read_framing(const HeaderMap& headers, H1Framing& framing);

}  // namespace weir::http
