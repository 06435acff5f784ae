#pragma once

#include <cstdint>
#include <string_view>

namespace weir::http {

// Why bytes of a peer are not an HTTP message that Weir accepts. All views are literals.
struct ParseError {
  // What the client is answered when its request is at fault; for a response's body it is 502,
  // whatever stands here.
  std::uint16_t status = 400;
  // A short stable code for logs and metrics, such as "bare_lf".
  std::string_view why;
  // A sentence for a person.
  std::string_view message;
};

enum class ParseStatus : std::uint8_t {
  Incomplete,  // give the same bytes and more behind them
  Complete,
  Failed  // error() says why; the connection cannot go on
};

}  // namespace weir::http
