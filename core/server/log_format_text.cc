#include "core/server/log_format_text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/base/escape.h"

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
    const EscapedPiece piece = next_escaped(text, EscapeStyle::Json);
    if (piece.size > limit) return append_raw(to, "...");
    to = append_raw(to, piece.view());
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
