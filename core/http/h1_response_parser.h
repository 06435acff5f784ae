#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/http/field_parser.h"
#include "core/http/h1_limits.h"
#include "core/http/message.h"
#include "core/http/parse_error.h"

namespace weir::http {

// Reads the head of an HTTP/1 response (RFC 9112), as strictly as H1RequestParser reads requests.
// An interim response (1xx) is a message of its own: reset() and read on, except after 101.
class H1ResponseParser {
 public:
  explicit H1ResponseParser(H1Limits limits = {});

  // As H1RequestParser::parse. `method` is the request's: it decides whether there is a body.
  ParseStatus parse(std::span<char> received, Method method, Response& response);

  // After Failed; its status is 502.
  const ParseError& error() const { return error_; }

  // The rest after Complete.
  std::size_t head_size() const { return position_; }
  // Whether the connection can carry another request once the body is over.
  bool keep_alive() const { return keep_alive_; }
  // The protocols of Upgrade when Connection names it; what a 101 switches to.
  std::string_view upgrade() const { return upgrade_; }

  void reset();

 private:
  enum class Phase : std::uint8_t { Start, Reason, LineFeed, Fields, Done };

  ParseStatus fail(const ParseError& error);
  // Ends the call with the bytes up to `position` read and the status line not complete.
  ParseStatus pause(std::size_t position);
  ParseStatus parse_status_line(std::span<char> received, Response& response);
  const ParseError* finish(Method method, Response& response);

  H1Limits limits_;
  FieldParser fields_;
  ParseError error_;
  std::string_view upgrade_;
  std::uint32_t position_ = 0;
  std::uint32_t reason_start_ = 0;
  std::uint32_t reason_end_ = 0;
  Phase phase_ = Phase::Start;
  bool keep_alive_ = false;
};

}  // namespace weir::http
