#include "core/http/chunked_decoder.h"

#include <algorithm>
#include <limits>

#include "core/http/chars.h"
#include "core/http/errors.h"

namespace weir::http {
namespace {

constexpr std::uint8_t kMaxDigits = 16;

// Inside a quoted string (RFC 9110 section 5.6.4).
constexpr bool is_quoted_text(unsigned char byte) {
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view bytes) {
  if (error_ != nullptr) return {ParseStatus::Failed, 0, 0};
  std::size_t skip = 0;
  while (phase_ != Phase::Data && phase_ != Phase::Done) {
    if (skip == bytes.size()) return {ParseStatus::Incomplete, skip, 0};
    error_ = read(static_cast<unsigned char>(bytes[skip++]));
    if (error_ != nullptr) return {ParseStatus::Failed, 0, 0};
  }
  if (phase_ == Phase::Done) return {ParseStatus::Complete, skip, 0};
  const std::size_t data = std::min<std::uint64_t>(left_, bytes.size() - skip);
  left_ -= data;
  if (left_ == 0) phase_ = Phase::DataCarriageReturn;
  return {ParseStatus::Incomplete, skip, data};
}

const ParseError* ChunkedDecoder::read(unsigned char byte) {
  if (phase_ >= Phase::ExtensionName && phase_ <= Phase::ExtensionQuoteEnd) {
    return read_extension(byte);
  }
  const char c = static_cast<char>(byte);
  switch (phase_) {
    case Phase::FirstDigit:
      left_ = 0;
      digits_ = 0;
      if (hex_value(c) > 15) return &errors::kBadChunkSize;
      [[fallthrough]];
    case Phase::Digits:
      if (hex_value(c) > 15) return end_size(byte, errors::kBadChunkSize);
      if (++digits_ > kMaxDigits) return &errors::kBadChunkSize;
      left_ = left_ << 4 | hex_value(c);
      // As for Content-Length: others keep it in a signed number.
      if (left_ > std::numeric_limits<std::int64_t>::max()) return &errors::kBadChunkSize;
      phase_ = Phase::Digits;
      return nullptr;
    case Phase::SizeLineFeed:
      if (c != '\n') return &errors::kBareCr;
      phase_ = left_ > 0 ? Phase::Data : Phase::Done;
      return nullptr;
    case Phase::DataCarriageReturn:
      if (c != '\r') return &errors::kBadChunkEnd;
      phase_ = Phase::DataLineFeed;
      return nullptr;
    case Phase::DataLineFeed:
      if (c != '\n') return &errors::kBadChunkEnd;
      phase_ = Phase::FirstDigit;
      return nullptr;
    default:
      return nullptr;
  }
}

const ParseError* ChunkedDecoder::read_extension(unsigned char byte) {
  if (byte != '\r' && ++extension_bytes_ > kMaxExtensionBytes) {
    return &errors::kChunkExtensionsTooLarge;
  }
  const char c = static_cast<char>(byte);
  switch (phase_) {
    case Phase::ExtensionName:
      if (!is_token_char(c)) return &errors::kBadChunkExtension;
      phase_ = Phase::ExtensionNameRest;
      return nullptr;
    case Phase::ExtensionNameRest:
      if (is_token_char(c)) return nullptr;
      if (c != '=') return end_size(byte, errors::kBadChunkExtension);
      phase_ = Phase::ExtensionValue;
      return nullptr;
    case Phase::ExtensionValue:
      if (c != '"' && !is_token_char(c)) return &errors::kBadChunkExtension;
      phase_ = c == '"' ? Phase::ExtensionQuoted : Phase::ExtensionToken;
      return nullptr;
    case Phase::ExtensionToken:
      return is_token_char(c) ? nullptr : end_size(byte, errors::kBadChunkExtension);
    case Phase::ExtensionQuoted:
      if (!is_quoted_text(byte)) return &errors::kBadChunkExtension;
      if (c == '"') phase_ = Phase::ExtensionQuoteEnd;
      if (c == '\\') phase_ = Phase::ExtensionEscape;
      return nullptr;
    case Phase::ExtensionEscape:
      if (!is_quoted_text(byte)) return &errors::kBadChunkExtension;
      phase_ = Phase::ExtensionQuoted;
      return nullptr;
    default:  // behind the quote that ends a value
      return end_size(byte, errors::kBadChunkExtension);
  }
}

const ParseError* ChunkedDecoder::end_size(unsigned char byte, const ParseError& otherwise) {
  if (byte == '\n') return &errors::kBareLf;
  if (byte != '\r' && byte != ';') return &otherwise;
  phase_ = byte == '\r' ? Phase::SizeLineFeed : Phase::ExtensionName;
  return nullptr;
}

}  // namespace weir::http
