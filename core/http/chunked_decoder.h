#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/http/parse_error.h"

namespace weir::http {

// Finds the data in a chunked body (RFC 9112 section 7.1) without copying it, however the bytes are
// split. Strict: sizes are 1 to 16 hex digits, lines end in CRLF, chunk extensions must be well
// formed without white space and are dropped. The trailer section behind the last chunk is for
// TrailerParser.
class ChunkedDecoder {
 public:
  // Bytes of chunk extensions that are accepted in one body.
  static constexpr std::uint32_t kMaxExtensionBytes = 1024;

  struct Step {
    ParseStatus status;  // Complete: the last chunk is over, the trailer section follows
    std::size_t skip;    // this many bytes of framing come first
    std::size_t data;    // then this many bytes of the body
  };

  // `bytes` are the next ones of the message. The caller drops `skip` bytes, takes `data` bytes and
  // calls again with what follows; with Incomplete and everything taken, once more has arrived.
  // After Failed, error() says why.
  Step next(std::string_view bytes);

  const ParseError& error() const { return *error_; }
  void reset() { *this = ChunkedDecoder(); }

 private:
  enum class Phase : std::uint8_t {
    FirstDigit,
    Digits,
    ExtensionName,
    ExtensionNameRest,
    ExtensionValue,
    ExtensionToken,
    ExtensionQuoted,
    ExtensionEscape,
    ExtensionQuoteEnd,
    SizeLineFeed,
    Data,
    DataCarriageReturn,
    DataLineFeed,
    Done
  };

  // Looks at one byte of framing: nullptr, or what is wrong with it.
  const ParseError* read(unsigned char byte);
  const ParseError* read_extension(unsigned char byte);
  // Goes on after the size or an extension, unless `byte` cannot follow it.
  const ParseError* end_size(unsigned char byte, const ParseError& otherwise);

  const ParseError* error_ = nullptr;
  std::uint64_t left_ = 0;
  std::uint32_t extension_bytes_ = 0;
  std::uint8_t digits_ = 0;
  Phase phase_ = Phase::FirstDigit;
};

}  // namespace weir::http
