#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

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

  // `GET https://host:port/path?query`, or a URL alone; `OPTIONS http://host*` is for the server as
  // a whole.
  static Result<Question> parse(std::string_view text);
  // The authority without a port.
  std::string_view host() const;
  // The port that the authority names.
  std::optional<std::uint16_t> named_port() const;
  // That, or that of the scheme.
  std::uint16_t port() const;
};

}  // namespace weir::config
