#pragma once

#include <cstddef>

namespace weir::http {

// What a head or a trailer section may take up; exactly that much is still accepted. Bytes are
// counted as RFC 9113 section 6.5.2 does: of each field, pseudo-headers and the parts of a Cookie
// too, its name, its value and 32 more.
struct H2HeadLimits {
  std::size_t head_bytes = 60 * 1024;
  std::size_t target_bytes = 8 * 1024;  // of :path
  std::size_t fields = 100;             // without pseudo-headers; the parts of a Cookie are one
  std::size_t trailer_bytes = 8 * 1024;
  std::size_t trailer_fields = 32;

  friend bool operator==(const H2HeadLimits&, const H2HeadLimits&) = default;
};

}  // namespace weir::http
