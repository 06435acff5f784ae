#pragma once

#include <cstddef>

namespace weir::http {

// What a message head may take up; exactly that much is still accepted. A parser never asks for
// more than head_bytes to be buffered.
struct H1Limits {
  std::size_t head_bytes = 60 * 1024;  // from the first byte to the empty line, that included
  std::size_t line_bytes = 8 * 1024;   // the request line without its CRLF; requests only
  std::size_t fields = 100;

  friend bool operator==(const H1Limits&, const H1Limits&) = default;
};

}  // namespace weir::http
