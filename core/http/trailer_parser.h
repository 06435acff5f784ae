#pragma once

#include <cstddef>
#include <span>

#include "core/http/field_parser.h"
#include "core/http/header_map.h"
#include "core/http/parse_error.h"

namespace weir::http {

// Whether a field may be in a trailer section. Not: what frames, routes, authenticates or modifies
// the message, what describes its content, and what belongs to the connection (RFC 9110
// section 6.5.1).
bool is_trailer_allowed(const Header& field);

// Reads the trailer section of a chunked body, from behind the last chunk to the empty line.
class TrailerParser {
 public:
  struct Limits {
    std::size_t bytes = 8 * 1024;
    std::size_t fields = 32;
  };

  explicit TrailerParser(Limits limits);
  TrailerParser() : TrailerParser(Limits()) {}

  // `received` begins at the trailer section; otherwise as H1RequestParser::parse.
  ParseStatus parse(std::span<char> received, HeaderMap& trailers);

  const ParseError& error() const { return *error_; }
  // After Complete: the bytes of the section, its empty line included.
  std::size_t size() const { return fields_.end(); }

  void reset();

 private:
  Limits limits_;
  FieldParser fields_;
  const ParseError* error_ = nullptr;
};

}  // namespace weir::http
