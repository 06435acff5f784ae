#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Classes of bytes in HTTP and URIs.
namespace weir::http {

namespace detail {

using ByteTable = std::array<unsigned char, 256>;

// What a byte of a token is in lower case; 0 when it cannot be in one (RFC 9110 section 5.6.2).
inline constexpr ByteTable kTokenLower = [] {
  ByteTable table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = static_cast<unsigned char>(c);
  for (unsigned c = 'a'; c <= 'z'; ++c) {
    table[c] = static_cast<unsigned char>(c);
    table[c - 'a' + 'A'] = static_cast<unsigned char>(c);
  }
  for (unsigned char c : std::string_view("!#$%&'*+-.^_`|~")) table[c] = c;
  return table;
}();

// The value of a hex digit; 255 for other bytes.
inline constexpr ByteTable kHexValue = [] {
  ByteTable table{};
  table.fill(255);
  for (unsigned i = 0; i < 10; ++i) table['0' + i] = static_cast<unsigned char>(i);
  for (unsigned i = 0; i < 6; ++i) {
    table['a' + i] = table['A' + i] = static_cast<unsigned char>(10 + i);
  }
  return table;
}();

// Where a byte may stand in a URI.
inline constexpr unsigned char kInPath = 1;
inline constexpr unsigned char kInQuery = 2;
inline constexpr unsigned char kInName = 4;
inline constexpr unsigned char kUnreserved = 8;
inline constexpr ByteTable kUri = [] {
  ByteTable table{};
  constexpr std::string_view kPlain =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~";
  for (unsigned char c : kPlain) table[c] = kInPath | kInQuery | kInName | kUnreserved;
  for (unsigned char c : std::string_view("!$&'()*+;=")) table[c] = kInPath | kInQuery | kInName;
  for (unsigned char c : std::string_view(",%/:@[]")) table[c] = kInPath | kInQuery;
  for (unsigned char c : std::string_view("?^`{|}")) table[c] = kInQuery;
  return table;
}();

}  // namespace detail

// The lower case of a token byte, or 0.
constexpr unsigned char token_lower(char c) {
  return detail::kTokenLower[static_cast<unsigned char>(c)];
}
constexpr bool is_token_char(char c) {
  return token_lower(c) != 0;
}
bool is_token(std::string_view text);

// 0 to 15, or 255 for what is no hex digit.
constexpr unsigned char hex_value(char c) {
  return detail::kHexValue[static_cast<unsigned char>(c)];
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool equals_ignoring_case(std::string_view text, std::string_view lower);

// Lower-cases ASCII letters in place.
void lower_case(char* text, std::size_t size);

// ALPHA / DIGIT / "-" / "." / "_" / "~" (RFC 3986 section 2.3).
constexpr bool is_unreserved(char c) {
  return (detail::kUri[static_cast<unsigned char>(c)] & detail::kUnreserved) != 0;
}
// Unreserved and sub-delimiters but the comma: what a registered name has besides escapes.
constexpr bool is_name_char(char c) {
  return (detail::kUri[static_cast<unsigned char>(c)] & detail::kInName) != 0;
}
// pchar, "/" and "%" (RFC 3986 section 3.3), and the square brackets, which many clients send.
constexpr bool is_path_char(char c) {
  return (detail::kUri[static_cast<unsigned char>(c)] & detail::kInPath) != 0;
}
// The same, "?", and the other characters that browsers do not escape in a query: ^`{|}
constexpr bool is_query_char(char c) {
  return (detail::kUri[static_cast<unsigned char>(c)] & detail::kInQuery) != 0;
}

// The first byte from `from` that cannot be inside a field value: a control character other than
// HTAB; `end` when there is none.
const char* find_value_end(const char* from, const char* end);

// No control characters but HTAB, no white space at either end (RFC 9110 section 5.5).
bool is_field_value(std::string_view text);

}  // namespace weir::http
