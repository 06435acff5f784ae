#include "core/http/h1_framing.h"

#include <cstring>

#include "core/http/chars.h"
#include "core/http/errors.h"
#include "core/http/field_list.h"

namespace weir::http {
namespace {

// Decimal digits of a number that fits a signed 64-bit integer, which is what most parsers use.
std::optional<std::uint64_t> parse_length(std::string_view text) {
  constexpr std::uint64_t kMax = INT64_MAX;
  if (text.empty() || text.size() > 19) return std::nullopt;
  std::uint64_t length = 0;
  for (char c : text) {
    if (!is_digit(c)) return std::nullopt;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (length > kMax) return std::nullopt;
  return length;
}

const ParseError* read_connection(std::string_view value, H1Framing& framing) {
  const ParseError* error = nullptr;
  each_list_member(value, [&](std::string_view option) {
    if (error != nullptr) return;
    if (framing.connection_options++ == kMaxConnectionOptions) {
      error = &errors::kBadConnection;
    } else if (equals_ignoring_case(option, "keep-alive")) {
      framing.keep_alive = true;
    } else if (equals_ignoring_case(option, "close")) {
      framing.close = true;
    } else if (equals_ignoring_case(option, "upgrade")) {
      framing.names_upgrade = true;
    } else if (!is_token(option)) {
      error = &errors::kBadConnection;
    }
  });
  return error;
}

// Repeated fields are one list.
std::string_view join(Arena& arena, std::string_view first, std::string_view second) {
  if (first.empty() || second.empty()) return first.empty() ? second : first;
  char* text = arena.allocate_text(first.size() + 2 + second.size());
  std::memcpy(text, first.data(), first.size());
  std::memcpy(text + first.size(), ", ", 2);
  std::memcpy(text + first.size() + 2, second.data(), second.size());
  return {text, first.size() + 2 + second.size()};
}

const ParseError* read_field(const Header& field, Arena& arena, H1Framing& framing) {
  switch (field.id()) {
    case HeaderId::ContentLength:
      if (framing.content_length) return &errors::kRepeatedContentLength;
      framing.content_length = parse_length(field.value());
      return framing.content_length ? nullptr : &errors::kBadContentLength;
    case HeaderId::TransferEncoding:
      if (framing.chunked || !equals_ignoring_case(field.value(), "chunked")) {
        return &errors::kBadTransferEncoding;
      }
      framing.chunked = true;
      return nullptr;
    case HeaderId::Connection:
      return read_connection(field.value(), framing);
    case HeaderId::Upgrade:
      framing.upgrade = join(arena, framing.upgrade, field.value());
      return nullptr;
    case HeaderId::Host:
      framing.repeated_host = framing.host != nullptr;
      if (framing.host == nullptr) framing.host = &field;
      return nullptr;
    case HeaderId::Expect:
      if (equals_ignoring_case(field.value(), "100-continue")) {
        framing.expect_continue = true;
      } else {
        framing.other_expectation = true;
      }
      return nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

const ParseError* read_framing(const HeaderMap& headers, H1Framing& framing) {
  for (const Header& field : headers.all()) {
    // Everything that matters here stands in the first group of HeaderId.
    if (field.id() == HeaderId::Other || field.id() > HeaderId::Upgrade) continue;
    if (const ParseError* error = read_field(field, headers.arena(), framing)) return error;
  }
  return framing.chunked && framing.content_length ? &errors::kTeAndCl : nullptr;
}

}  // namespace weir::http
