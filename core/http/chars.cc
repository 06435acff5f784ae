#include "core/http/chars.h"

#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::http {
namespace {

constexpr bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

constexpr std::uint64_t kOnes = 0x0101010101010101;

template <typename Word>
std::uint64_t load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Whether one of the eight bytes may be a control character; a tab counts as one. Bytes behind a
// true one are not told apart, so that a true answer is worth a closer look.
bool may_have_control(std::uint64_t word) {
  const std::uint64_t below_space = (word - 0x20 * kOnes) & ~word;
  const std::uint64_t del = word ^ (0x7f * kOnes);
  return ((below_space | ((del - kOnes) & ~del)) & (0x80 * kOnes)) != 0;
}

// Eight bytes with their letters in lower case.
std::uint64_t lower_case_word(std::uint64_t word) {
  const std::uint64_t low_bits = word & (0x7f * kOnes);
  const std::uint64_t from_a = low_bits + (0x80 - 'A') * kOnes;
  const std::uint64_t past_z = low_bits + (0x7f - 'Z') * kOnes;
  const std::uint64_t is_upper = (from_a ^ past_z) & ~word & (0x80 * kOnes);
  return word | is_upper >> 2;
}

void lower_case_eight(char* text) {
  const std::uint64_t word = lower_case_word(load<std::uint64_t>(text));
  std::memcpy(text, &word, sizeof word);
}

}  // namespace

void lower_case(char* text, std::size_t size) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (size < kWord) {
    for (std::size_t i = 0; i < size; ++i) text[i] = ascii_lower(text[i]);
    return;
  }
  for (std::size_t i = 0; i + kWord < size; i += kWord) lower_case_eight(text + i);
  // The last word may overlap the one before.
  lower_case_eight(text + size - kWord);
}

bool is_token(std::string_view text) {
  for (char c : text) {
    if (!is_token_char(c)) return false;
  }
  return !text.empty();
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  const std::size_t size = text.size();
  if (size != lower.size()) return false;
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (size < kWord) {
    for (std::size_t i = 0; i < size; ++i) {
      if (ascii_lower(text[i]) != lower[i]) return false;
    }
    return true;
  }
  const auto differs = [&](std::size_t at) {
    return lower_case_word(load<std::uint64_t>(text.data() + at)) !=
           load<std::uint64_t>(lower.data() + at);
  };
  for (std::size_t i = 0; i + kWord < size; i += kWord) {
    if (differs(i)) return false;
  }
  return !differs(size - kWord);
}

const char* find_value_end(const char* from, const char* end) {
#if defined(__SSE2__)
  const __m128i last_control = _mm_set1_epi8(0x1f);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i del = _mm_set1_epi8(0x7f);
  for (; end - from >= 16; from += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    const __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control);
    const __m128i stops =
        _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), low), _mm_cmpeq_epi8(bytes, del));
    const int mask = _mm_movemask_epi8(stops);
    if (mask != 0) return from + __builtin_ctz(static_cast<unsigned>(mask));
  }
#endif
  while (from != end && !is_control(*from)) ++from;
  return from;
}

bool is_field_value(std::string_view text) {
  if (text.empty()) return true;
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  if (is_space(text.front()) || is_space(text.back())) return false;
  // Nearly all are plain: words that overlap at the end see all of one.
  const std::size_t size = text.size();
  bool plain = true;
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      plain = plain && !may_have_control(load<std::uint64_t>(text.data() + at));
    }
    plain = plain && !may_have_control(load<std::uint64_t>(text.data() + size - 8));
  } else {
    std::uint64_t word = kOnes * 'x';
    for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
    plain = !may_have_control(word);
  }
  if (plain) return true;
  const char* const end = text.data() + text.size();
  return find_value_end(text.data(), end) == end;
}

}  // namespace weir::http
