#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// How texts that others sent are written into a line of a log, so that it stays one line, does
// nothing to a terminal, and is valid UTF-8: control characters (C1 too), line separators and bytes
// that are not UTF-8 are escaped.
enum class EscapeStyle : std::uint8_t {
  Json,  // the inside of a JSON string: quotes and backslashes as well, the bytes as \u00XX
  Text   // for people: \n, \xXX
};

// One character of a text, and what is written for it.
struct EscapedPiece {
  std::size_t taken;  // bytes of the text
  std::size_t size;
  std::array<char, 6> bytes;

  std::string_view view() const { return {bytes.data(), size}; }
};

// Of the first character of `text`, which is not empty.
EscapedPiece next_escaped(std::string_view text, EscapeStyle style);

// Whether append_escaped() would write `text` in another way, as what a person cannot see.
bool needs_escapes(std::string_view text, EscapeStyle style);

// Appends all of `text`; what would be longer than `limit` bytes is cut between characters and ends
// in "...": limit + 3 bytes at most.
void append_escaped(std::string& to, std::string_view text, EscapeStyle style, std::size_t limit);

}  // namespace weir
