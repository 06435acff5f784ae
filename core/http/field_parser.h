#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/http/header_map.h"
#include "core/http/parse_error.h"

namespace weir::http {

// Reads field lines up to the empty line (RFC 9112 section 5), for heads and trailers. Resumable:
// a line that is not complete goes on where it stopped. Lower-cases names in place.
class FieldParser {
 public:
  // The lines begin at `start` within the bytes given to parse(). At most `max_fields` of them.
  // Bytes past `max_size`, counted from the start of the bytes, are never looked at.
  void begin(std::size_t start, std::size_t max_size, std::size_t max_fields);

  // `bytes` may have moved since the last call; the fields read so far move along in `headers`.
  ParseStatus parse(std::span<char> bytes, HeaderMap& headers);

  const ParseError& error() const { return *error_; }
  // After Complete: where the bytes behind the empty line begin.
  std::size_t end() const { return position_; }

 private:
  enum class Phase : std::uint8_t { LineStart, Name, Space, Value, LineFeed, LastLineFeed };

  ParseStatus fail(const ParseError& error);
  const ParseError* read_name(char* base, char*& at, const char* end);
  const ParseError* read_value(const char* base, char*& at, const char* end);
  void add_field(const char* base, HeaderMap& headers) const;
  char* take_plain_lines(char* at, const char* end, HeaderMap& headers) const;

  const ParseError* error_ = nullptr;
  const char* base_ = nullptr;
  std::uint32_t position_ = 0;
  std::uint32_t max_size_ = 0;
  std::uint32_t max_fields_ = 0;
  std::uint32_t name_start_ = 0;
  std::uint32_t name_end_ = 0;
  std::uint32_t value_start_ = 0;
  std::uint32_t value_end_ = 0;
  Phase phase_ = Phase::LineStart;
  HeaderId id_ = HeaderId::Other;
};

}  // namespace weir::http
