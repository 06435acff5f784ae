#pragma once

#include <cstdint>
#include <string_view>

#include "core/http/header_map.h"
#include "core/http/method.h"

namespace weir::http {

enum class Version : std::uint8_t { Http10, Http11, Http2 };

// How the end of a message's body is known (RFC 9112 section 6.3).
enum class BodyKind : std::uint8_t {
  None,       // there is none, or one of no bytes
  Length,     // content_length bytes, at least one
  Chunked,    // until the last chunk
  UntilClose  // until the peer closes; responses only
};

// The head of a request as filters and routes see it. All views live as long as the stream.
struct Request {
  explicit Request(Arena& arena) : headers(arena) {}

  Method method = Method::Get;
  Version version = Version::Http11;
  BodyKind body = BodyKind::None;
  std::uint64_t content_length = 0;
  std::string_view method_name;
  std::string_view scheme;     // "http" or "https", of the client's connection or absolute-form
  std::string_view authority;  // as it goes upstream in Host: host and port, lower case
  std::string_view host;       // of authority, without the port: what routes match
  std::string_view path;       // without the query, normalised (path.h); "*" for OPTIONS *
  std::string_view query;      // with its "?", or empty
  std::string_view upgrade;    // the protocols that Upgrade asks for; empty without
  HeaderMap headers;           // without Host, which is `authority`

  // Whether `authority` is still what a parser found valid.
  bool authority_known_valid() const {
    return authority.data() == valid_authority.data() && authority.size() == valid_authority.size();
  }
  std::string_view valid_authority;  // the parser's

  void forget() {
    headers.forget();
    method = Method::Get;
    version = Version::Http11;
    body = BodyKind::None;
    content_length = 0;
    method_name = scheme = authority = host = path = query = upgrade = valid_authority = {};
  }
};

// Informational responses (1xx) that may come before the response.
inline constexpr unsigned kMaxInformational = 16;

// The head of a response.
struct Response {
  explicit Response(Arena& arena) : headers(arena) {}

  std::uint16_t status = 0;
  Version version = Version::Http11;
  BodyKind body = BodyKind::None;
  std::uint64_t content_length = 0;
  std::string_view reason;   // the phrase as it came; may be empty
  std::string_view upgrade;  // of a 101: the protocol that was chosen
  HeaderMap headers;

  void forget() {
    headers.forget();
    status = 0;
    version = Version::Http11;
    body = BodyKind::None;
    content_length = 0;
    reason = upgrade = {};
  }
};

}  // namespace weir::http
