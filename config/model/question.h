#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/tls/client_hello.h"

namespace weir::config {

// A request that `weir explain` and `weir test` ask about.
struct Question {
  std::string method = "GET";
  std::string scheme = "http";
  std::string authority;             // as in the URL
  std::string target = "/";          // path and query
  std::vector<std::string> headers;  // `name: value`
  std::string from = "127.0.0.1";    // who is connected
  std::string listener;              // by name; empty: by the port of the URL
  std::vector<std::string> flags;    // those that are on
  // Of the TLS handshake. Nothing: as clients have it, with the host of an https URL that is no
  // address, and for HTTP of all versions; no handshake for http.
  std::optional<std::string> sni;
  std::vector<std::string> alpn;

  // `GET https://host:port/path?query`, or a URL alone; `OPTIONS http://host*` is for the server as
  // a whole.
  static Result<Question> parse(std::string_view text);
  // The authority without a port.
  std::string_view host() const;
  // Whether it may have that header field: the host is that of the URL alone.
  Result<void> check_header(std::string_view name, std::string_view value) const;
  Result<void> check_headers() const;
  // As it may be written.
  std::string text() const;
  // The port that the authority names.
  std::optional<std::uint16_t> named_port() const;
  // That, or that of the scheme.
  std::uint16_t port() const;
  // What the client says in its handshake; nothing when it has none. An error when a server name is
  // none.
  Result<std::optional<tls::ClientHello>> hello() const;
};

}  // namespace weir::config
