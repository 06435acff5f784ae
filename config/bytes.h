#pragma once

#include <string>
#include <string_view>

#include "config/schema.h"

namespace weir::config {

// Bytes that may be anything: `{ text: "PING\r\n" }`, `{ hex: 0aff }` or `{ base64: Cv8= }`; a
// plain text is itself.
struct Bytes {
  std::string value;

  friend bool operator==(const Bytes&, const Bytes&) = default;
};

template <>
struct Custom<Bytes> {
  static constexpr std::string_view word = "bytes";
  static constexpr std::string_view wanted = "text, or a map with one of text, hex or base64";
  static bool read(const Node& node, Bytes& value, Reading& reading);
};

}  // namespace weir::config
