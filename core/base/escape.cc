#include "core/base/escape.h"

#include <cstring>

namespace weir {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// The bytes of the valid UTF-8 sequence at the start of `text`, or 0 (RFC 3629).
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned least = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned most = first == 0xed ? 0x9f : 0xbf;  // no surrogates
    return second >= least && second <= most && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned least = first == 0xf0 ? 0x90 : 0x80;
    const unsigned most = first == 0xf4 ? 0x8f : 0xbf;
    return second >= least && second <= most && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

EscapedPiece unicode_escape(std::size_t taken, unsigned code) {
  return {taken,
          6,
          {'\\', 'u', kHex[code >> 12 & 15], kHex[code >> 8 & 15], kHex[code >> 4 & 15],
           kHex[code & 15]}};
}

EscapedPiece byte_escape(unsigned byte, EscapeStyle style) {
  if (style == EscapeStyle::Json) return unicode_escape(1, byte);
  return {1, 4, {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]}};
}

}  // namespace

unsigned unseen_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]) & 0x3fu; };
  const auto is_within = [](unsigned code, unsigned least, unsigned most) {
    return code >= least && code <= most;
  };
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0xc2 || first > 0xef || sequence(text) == 0) return 0;
  if (first <= 0xdf) {
    const unsigned code = (first & 0x1fu) << 6 | byte(1);
    return code < 0xa0 || code == 0xad || code == 0x61c ? code : 0;
  }
  const unsigned code = (first & 0x0fu) << 12 | byte(1) << 6 | byte(2);
  const bool unseen = code == 0x200b || is_within(code, 0x200e, 0x200f) ||
                      is_within(code, 0x2028, 0x202e) || is_within(code, 0x2060, 0x2064) ||
                      is_within(code, 0x2066, 0x2069) || code == 0x3164 || code == 0xfeff;
  return unseen ? code : 0;
}

EscapedPiece next_escaped(std::string_view text, EscapeStyle style) {
  const auto first = static_cast<unsigned char>(text[0]);
  switch (first) {
    case '"':
    case '\\':
      if (style == EscapeStyle::Text) break;
      return {1, 2, {'\\', text[0]}};
    case '\n':
      return {1, 2, {'\\', 'n'}};
    case '\r':
      return {1, 2, {'\\', 'r'}};
    case '\t':
      return {1, 2, {'\\', 't'}};
    default:
      break;
  }
  if (first < 0x20 || first == 0x7f) return byte_escape(first, style);
  if (first < 0x80) return {1, 1, {text[0]}};
  const std::size_t size = sequence(text);
  if (size == 0) return byte_escape(first, style);
  if (const unsigned unseen = unseen_character(text)) return unicode_escape(size, unseen);
  EscapedPiece piece{size, size, {}};
  std::memcpy(piece.bytes.data(), text.data(), size);
  return piece;
}

bool needs_escapes(std::string_view text, EscapeStyle style) {
  while (!text.empty()) {
    const EscapedPiece piece = next_escaped(text, style);
    if (piece.view() != text.substr(0, piece.taken)) return true;
    text.remove_prefix(piece.taken);
  }
  return false;
}

void append_escaped(std::string& to, std::string_view text, EscapeStyle style, std::size_t limit) {
  while (!text.empty()) {
    const EscapedPiece piece = next_escaped(text, style);
    if (piece.size > limit) {
      to += "...";
      return;
    }
    to += piece.view();
    text.remove_prefix(piece.taken);
    limit -= piece.size;
  }
}

std::string printable_line(std::string_view text) {
  std::string shown;
  append_escaped(shown, text, EscapeStyle::Text, std::string_view::npos);
  return shown;
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    shown += printable_line(line);
    text.remove_prefix(line.size());
    if (text.empty()) break;
    shown += '\n';
    text.remove_prefix(1);
  }
  return shown;
}

}  // namespace weir
