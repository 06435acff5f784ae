#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::filters {

inline std::string postgres_number(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
  return out;
}

// A packet that a client begins with: a length, a code and more.
inline std::string postgres_packet(std::uint32_t code, std::string_view more = {}) {
  const auto size = static_cast<std::uint32_t>(8 + more.size());
  return postgres_number(size) + postgres_number(code) + std::string(more);
}

inline const std::string kSslRequest = postgres_packet(80877103);
inline const std::string kGssRequest = postgres_packet(80877104);
inline const std::string kCancelRequest = postgres_packet(80877102, "\x01\x02\x03\x04keys");
inline const std::string kStartup =
    postgres_packet(3 << 16, std::string_view("user\0weir\0\0", 11));

}  // namespace weir::filters
