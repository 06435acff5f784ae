#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/http/field_parser.h"
#include "core/http/h1_framing.h"
#include "core/http/h1_limits.h"
#include "core/http/message.h"
#include "core/http/parse_error.h"

namespace weir::http {

// Reads the head of an HTTP/1 request (RFC 9112). Strict: what two parsers could read differently
// is refused (README.md has every decision). Work is linear in the bytes received, however they are
// split. Allocates only the request's header entries, in its arena.
class H1RequestParser {
 public:
  explicit H1RequestParser(H1Limits limits = {});

  // `received` begins at the first byte of the message and holds everything received so far, the
  // start of a body and further requests too. Between calls the bytes may move but not change
  // (names and hosts are lower-cased in place), and `request`, which starts out forgotten, is left
  // alone.
  //
  // Complete: `request` is filled with views into `received`; `path` is not normalised yet
  // (path.h); `scheme` is set only by an absolute-form target; `authority` and `host` are empty
  // when HTTP/1.0 names no host.
  // Failed: `request` has the method, version, path (as it came) and query when the request line
  // was well formed, for the log, and nothing else of use.
  ParseStatus parse(std::span<char> received, Request& request);

  // After Failed.
  const ParseError& error() const { return *error_; }

  // The rest after Complete. The bytes of the head, an empty line before it included.
  std::size_t head_size() const { return position_; }
  // Whether the client will send another request on this connection.
  bool keep_alive() const { return keep_alive_; }
  // Whether the client waits for 100 (Continue) before it sends the body.
  bool expect_continue() const { return expect_continue_; }
  // The protocols of Upgrade, in HTTP/1.1 and when Connection names it; empty otherwise.
  std::string_view upgrade() const { return upgrade_; }

  // Makes ready for the next message.
  void reset();
  // Before the first byte: the one empty line that may stand before a request is gone already.
  void begin_after_empty_line() { phase_ = Phase::Method; }

 private:
  enum class Phase : std::uint8_t { Start, Method, Path, Query, Version, Fields, Done };

  ParseStatus fail(const ParseError& error);
  // Ends the call with the bytes up to `position` read and the request line not complete.
  ParseStatus pause(std::size_t position);
  ParseStatus parse_request_line(std::span<char> received, Request& request);
  ParseStatus parse_version(std::span<char> received, Request& request);
  void fill_request_line(const char* base, Request& request) const;
  const ParseError* finish(char* base, Request& request);
  const ParseError* read_target(char* base, Request& request) const;
  const ParseError* read_host(char* base, const H1Framing& framing, Request& request) const;

  H1Limits limits_;
  FieldParser fields_;
  const ParseError* error_ = nullptr;
  std::string_view upgrade_;
  std::uint32_t position_ = 0;
  std::uint32_t line_start_ = 0;
  std::uint32_t target_start_ = 0;
  std::uint32_t query_start_ = 0;  // where the "?" is, or target_end_
  std::uint32_t target_end_ = 0;
  Phase phase_ = Phase::Start;
  bool keep_alive_ = false;
  bool expect_continue_ = false;
};

}  // namespace weir::http
