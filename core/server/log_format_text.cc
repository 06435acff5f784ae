#include "core/server/log_format_text.h"

#include <array>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::server {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;

// Whether any byte of eight is below 0x20, above 0x7e, a quote or a backslash.
constexpr bool any_special(std::uint64_t eight) {
  const auto has_zero = [](std::uint64_t x) { return (x - kOnes) & ~x; };
  const std::uint64_t high = eight | (eight + kOnes);
  const std::uint64_t low = (eight - kOnes * 0x20) & ~eight;
  const std::uint64_t equal = has_zero(eight ^ kOnes * '"') | has_zero(eight ^ kOnes * '\\');
  return ((high | low | equal) & kOnes * 0x80) != 0;
}
static_assert(!any_special(0x207e215d5b23617a));
static_assert(any_special(kOnes * 'a' - 'a' + '"') && any_special(kOnes * 'a' - 'a' + '\\'));
static_assert(any_special(kOnes * 'a' - 'a' + 0x1f) && any_special(kOnes * 'a' - 'a' + 0x7f));
static_assert(any_special(kOnes * 'a' - 'a' + 0xff));

// The same of sixteen.
bool any_special(std::uint64_t first, std::uint64_t second) {
#if defined(__SSE2__)
  const __m128i bytes =
      _mm_set_epi64x(static_cast<long long>(second), static_cast<long long>(first));
  const auto equal = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
  const __m128i outside = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));  // above 0x7f is negative
  const __m128i special =
      _mm_or_si128(_mm_or_si128(outside, equal(0x7f)), _mm_or_si128(equal('"'), equal('\\')));
  return _mm_movemask_epi8(special) != 0;
#else
  return any_special(first) || any_special(second);
#endif
}

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

// One character: how many bytes of the text it is and what is written for it.
struct Piece {
  std::size_t taken;
  std::size_t size;
  std::array<char, 6> bytes;
};

Piece unicode_escape(std::size_t taken, unsigned code) {
  constexpr std::string_view kHex = "0123456789abcdef";
  return {taken,
          6,
          {'\\', 'u', kHex[code >> 12 & 15], kHex[code >> 8 & 15], kHex[code >> 4 & 15],
           kHex[code & 15]}};
}

Piece next_piece(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  switch (first) {
    case '"':
      return {1, 2, {'\\', '"'}};
    case '\\':
      return {1, 2, {'\\', '\\'}};
    case '\n':
      return {1, 2, {'\\', 'n'}};
    case '\r':
      return {1, 2, {'\\', 'r'}};
    case '\t':
      return {1, 2, {'\\', 't'}};
    default:
      break;
  }
  if (first < 0x20 || first == 0x7f) return unicode_escape(1, first);
  if (first < 0x80) return {1, 1, {text[0]}};
  const std::size_t size = sequence(text);
  if (size == 0) return unicode_escape(1, first);
  if (first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0) {  // C1 control characters
    return unicode_escape(2, static_cast<unsigned char>(text[1]));
  }
  if (text.substr(0, 3) == "\xe2\x80\xa8") return unicode_escape(3, 0x2028);
  if (text.substr(0, 3) == "\xe2\x80\xa9") return unicode_escape(3, 0x2029);
  Piece piece{size, size, {}};
  std::memcpy(piece.bytes.data(), text.data(), size);
  return piece;
}

template <typename Word>
Word load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <typename Word>
Word copy(char* to, const char* from) {
  const auto word = load<Word>(from);
  std::memcpy(to, &word, sizeof word);
  return word;
}

// Copies a text without special bytes; false when there is one. Short ones, which are most, are
// two copies that overlap and one look.
bool copy_plain(char* to, const char* from, std::size_t size) {
  const auto copy_pair = [&](std::size_t at, std::size_t then) {
    const auto first = copy<std::uint64_t>(to + at, from + at);
    return !any_special(first, copy<std::uint64_t>(to + then, from + then));
  };
  if (size >= 16) {
    for (std::size_t at = 0; at + 16 < size; at += 16) {
      if (!copy_pair(at, at + 8)) return false;
    }
    return copy_pair(size - 16, size - 8);
  }
  if (size >= 8) return copy_pair(0, size - 8);
  if (size >= 4) {
    const std::uint64_t first = copy<std::uint32_t>(to, from);
    const auto last = copy<std::uint32_t>(to + size - 4, from + size - 4);
    return !any_special(first << 32 | last);
  }
  if (size == 0) return true;
  const auto byte = [from](std::size_t at) {
    return std::uint64_t{static_cast<unsigned char>(from[at])};
  };
  to[0] = from[0];
  to[size / 2] = from[size / 2];
  to[size - 1] = from[size - 1];
  return !any_special(kOnes * 'a' << 24 | byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1));
}

[[gnu::noinline]] char* append_piece_by_piece(char* to, std::string_view text, std::size_t limit) {
  while (!text.empty()) {
    const Piece piece = next_piece(text);
    if (piece.size > limit) return append_raw(to, "...");
    to = append_raw(to, {piece.bytes.data(), piece.size});
    text.remove_prefix(piece.taken);
    limit -= piece.size;
  }
  return to;
}

}  // namespace

char* append_escaped(char* to, std::string_view text, std::size_t limit) {
  if (text.size() <= limit && copy_plain(to, text.data(), text.size())) return to + text.size();
  return append_piece_by_piece(to, text, limit);
}

}  // namespace weir::server
