#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// How texts that others sent are written into a line of a log, so that it stays one line, does
// nothing to a terminal, and is valid UTF-8: control characters, those of which Unicode has more
// (see unseen_character()) and bytes that are not UTF-8 are escaped.
enum class EscapeStyle : std::uint8_t {
  Json,  // the inside of a JSON string: quotes and backslashes as well, the bytes as \u00XX
  Text   // for people: \n, \xXX
};

// The character at the start of `text`, which is not empty, when it stands behind ASCII and nobody
// sees it, or sees another text for it: C1 control characters, line and paragraph separators, those
// that turn the direction of writing, those of no width that join no letters, soft hyphens, the
// filler of Hangul, and the byte order mark. Else 0; none is above U+FFFF.
unsigned unseen_character(std::string_view text);

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

// All of `text` as one line that a terminal may have.
std::string printable_line(std::string_view text);
// All of `text`, which may be several lines and stays so, as a terminal may have it.
std::string printable(std::string_view text);

}  // namespace weir
