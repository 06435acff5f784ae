#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// ClientHellos put together from their parts, so that each can be wrong.
namespace weir::tls {

// `content` behind its length in `bytes` bytes.
inline std::string prefixed(int bytes, std::string_view content) {
  std::string out;
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(content.size() >> shift & 255);
  }
  return out.append(content);
}

inline std::string extension(std::uint16_t type, std::string_view content) {
  std::string out = {static_cast<char>(type >> 8), static_cast<char>(type & 255)};
  return out + prefixed(2, content);
}

inline std::string sni(std::string_view name) {
  return extension(0, prefixed(2, '\0' + prefixed(2, name)));
}

inline std::string alpn(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& one : protocols) list += prefixed(1, one);
  return extension(16, prefixed(2, list));
}

// A handshake message.
inline std::string hello_message(std::string_view extensions) {
  std::string body = "\x03\x03" + std::string(32, 'r') + prefixed(1, std::string(32, 's'));
  body += prefixed(2, std::string("\x13\x01\xc0\x2f", 4)) + prefixed(1, std::string(1, '\0'));
  return '\x01' + prefixed(3, body + prefixed(2, extensions));
}

// `message` in records of at most `size` bytes each.
inline std::string in_records(std::string_view message, std::size_t size = 16 * 1024) {
  std::string out;
  while (!message.empty()) {
    const std::string_view piece = message.substr(0, size);
    out += "\x16\x03\x01" + prefixed(2, piece);
    message.remove_prefix(piece.size());
  }
  return out;
}

inline std::string hello_bytes(std::string_view name,
                               const std::vector<std::string>& protocols = {}) {
  return in_records(hello_message(sni(name) + (protocols.empty() ? "" : alpn(protocols))));
}

}  // namespace weir::tls
