#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::http {

// How soon a response is wanted (RFC 9218 section 4).
struct H2Priority {
  std::uint8_t urgency = 3;  // 0 to 7, lower is sooner
  bool incremental = false;  // useful in parts: shares its turn with others of the same urgency

  friend bool operator==(const H2Priority&, const H2Priority&) = default;
};

// Reads the value of a `priority` field or of a PRIORITY_UPDATE frame, a dictionary of structured
// fields (RFC 8941 section 4.2.2). Members that are not known, or out of range, are passed over;
// what is no dictionary gives nothing, and is to be ignored as a whole.
std::optional<H2Priority> parse_priority(std::string_view value);

}  // namespace weir::http
