#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/http/h1_request_parser.h"
#include "core/http/h1_response_parser.h"
#include "core/http/trailer_parser.h"

// Feeds messages to the parsers in pieces. Every piece moves the bytes to new memory of exactly
// their size, and frees the old one. What comes out is plain text, so that outcomes can be
// compared.
namespace weir::http::feed {

struct Outcome {
  ParseStatus status = ParseStatus::Incomplete;
  int code = 0;     // of the error
  std::string why;  // of the error
  std::size_t head_size = 0;
  bool keep_alive = false;
  bool expect_continue = false;
  std::string upgrade;
  BodyKind body = BodyKind::None;
  std::uint64_t content_length = 0;
  Version version = Version::Http11;
  Method method = Method::Other;
  std::string method_name, scheme, authority, host, path, query, reason;
  std::string headers;  // "name: value\n" each
  int http_status = 0;

  bool operator==(const Outcome&) const = default;
};

// The number of bytes of each piece but the last, which is the rest.
using Pieces = std::function<std::size_t(std::size_t index)>;

// Calls `parse(std::span<char>)` with more and more of `bytes` until it is not Incomplete.
// `finish` looks at the result while the bytes are still there.
template <typename Parse, typename Finish>
ParseStatus run(std::string_view bytes, const Pieces& pieces, Parse parse, Finish finish) {
  std::unique_ptr<char[]> memory;
  std::size_t size = 0;
  for (std::size_t index = 0;; ++index) {
    const std::size_t next = std::min(bytes.size(), size + pieces(index));
    auto moved = std::make_unique<char[]>(next);
    std::copy_n(memory.get(), size, moved.get());
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(size),
              bytes.begin() + static_cast<std::ptrdiff_t>(next), moved.get() + size);
    memory = std::move(moved);
    size = next;
    const ParseStatus status = parse(std::span<char>(memory.get(), size));
    if (status != ParseStatus::Incomplete || size == bytes.size()) {
      finish(status);
      return status;
    }
  }
}

inline std::string text_of(const HeaderMap& headers) {
  std::string text;
  for (const Header& header : headers.all()) {
    text.append(header.name()).append(": ").append(header.value()).append("\n");
  }
  return text;
}

template <typename Parser>
void set_error(Outcome& outcome, const Parser& parser) {
  outcome.code = parser.error().status;
  outcome.why = parser.error().why;
}

inline Outcome request(std::string_view bytes, const Pieces& pieces, H1Limits limits = {}) {
  Arena arena;
  Request request(arena);
  H1RequestParser parser(limits);
  Outcome outcome;
  const auto finish = [&](ParseStatus status) {
    outcome.status = status;
    if (status == ParseStatus::Failed) set_error(outcome, parser);
    if (status != ParseStatus::Complete) return;
    outcome.head_size = parser.head_size();
    outcome.keep_alive = parser.keep_alive();
    outcome.expect_continue = parser.expect_continue();
    outcome.upgrade = parser.upgrade();
    outcome.body = request.body;
    outcome.content_length = request.content_length;
    outcome.version = request.version;
    outcome.method = request.method;
    outcome.method_name = request.method_name;
    outcome.scheme = request.scheme;
    outcome.authority = request.authority;
    outcome.host = request.host;
    outcome.path = request.path;
    outcome.query = request.query;
    outcome.headers = text_of(request.headers);
  };
  run(
      bytes, pieces, [&](std::span<char> all) { return parser.parse(all, request); }, finish);
  return outcome;
}

inline Outcome response(std::string_view bytes, const Pieces& pieces, Method method = Method::Get,
                        H1Limits limits = {}) {
  Arena arena;
  Response response(arena);
  H1ResponseParser parser(limits);
  Outcome outcome;
  const auto finish = [&](ParseStatus status) {
    outcome.status = status;
    if (status == ParseStatus::Failed) set_error(outcome, parser);
    if (status != ParseStatus::Complete) return;
    outcome.head_size = parser.head_size();
    outcome.keep_alive = parser.keep_alive();
    outcome.upgrade = parser.upgrade();
    outcome.body = response.body;
    outcome.content_length = response.content_length;
    outcome.version = response.version;
    outcome.http_status = response.status;
    outcome.reason = response.reason;
    outcome.headers = text_of(response.headers);
  };
  run(
      bytes, pieces, [&](std::span<char> all) { return parser.parse(all, method, response); },
      finish);
  return outcome;
}

inline Outcome trailers(std::string_view bytes, const Pieces& pieces,
                        TrailerParser::Limits limits = {}) {
  Arena arena;
  HeaderMap headers(arena);
  TrailerParser parser(limits);
  Outcome outcome;
  const auto finish = [&](ParseStatus status) {
    outcome.status = status;
    if (status == ParseStatus::Failed) set_error(outcome, parser);
    if (status != ParseStatus::Complete) return;
    outcome.head_size = parser.size();
    outcome.headers = text_of(headers);
  };
  run(
      bytes, pieces, [&](std::span<char> all) { return parser.parse(all, headers); }, finish);
  return outcome;
}

inline Pieces whole() {
  return [](std::size_t) { return SIZE_MAX / 2; };
}

inline Pieces one_by_one() {
  return [](std::size_t) { return std::size_t{1}; };
}

inline Pieces split_at(std::size_t size) {
  return [size](std::size_t index) { return index == 0 ? size : SIZE_MAX / 2; };
}

// The outcome of `feed` for every way to split that is worth it, or nothing when two differ.
inline std::optional<Outcome> same_for_all_splits(
    std::size_t size, const std::function<Outcome(const Pieces&)>& feed) {
  const Outcome expected = feed(whole());
  // Moving bytes one by one takes quadratic time, as does trying every place.
  constexpr std::size_t kSmall = 2048;
  if (size <= kSmall && feed(one_by_one()) != expected) return std::nullopt;
  const std::size_t step = 1 + size / kSmall * 97;
  for (std::size_t at = 0; at < size; at += step) {
    if (feed(split_at(at)) != expected) return std::nullopt;
  }
  return expected;
}

}  // namespace weir::http::feed
