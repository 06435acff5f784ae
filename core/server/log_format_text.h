#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::server {

// Appenders to a caller's buffer, which return the new end. None checks for room: each says how
// much it may write. Inlined wherever they are called: of a line, most texts are known to the
// compiler, and are a few moves then.

// The inside of a JSON string, see EscapeStyle. What would be longer than `limit` bytes is cut
// between characters and ends in "...": limit + 3 bytes at most.
char* append_escaped(char* to, std::string_view text, std::size_t limit);

[[gnu::always_inline]] inline char* append_raw(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// At most 20 bytes.
[[gnu::always_inline]] inline char* append_number(char* to, std::uint64_t number) {
  if (number < 10) {
    *to = static_cast<char>('0' + number);
    return to + 1;
  }
  return std::to_chars(to, to + 20, number).ptr;
}

// Milliseconds with three decimals: at most 21 bytes.
[[gnu::always_inline]] inline char* append_ms(char* to, std::uint64_t us) {
  if (us == 0) return append_raw(to, "0.000");
  to = append_number(to, us / 1000);
  const auto rest = static_cast<unsigned>(us % 1000);
  *to++ = '.';
  *to++ = static_cast<char>('0' + rest / 100);
  *to++ = static_cast<char>('0' + rest / 10 % 10);
  *to++ = static_cast<char>('0' + rest % 10);
  return to;
}

}  // namespace weir::server
