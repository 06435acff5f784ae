#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/http/h2_head_limits.h"
#include "core/http/h2_priority.h"
#include "core/http/message.h"
#include "core/http/parse_error.h"

namespace weir::http {

// Turns the fields of a header block of HTTP/2 into a message, one field at a time, and refuses
// what RFC 9113 section 8 calls malformed, and what the HTTP/1 parsers refuse (README.md has every
// decision): what is accepted can be sent on in either version and is read there as the same
// message. Copies each byte that it keeps once, into the arena of the message's headers, and
// nothing past the limits. One block after the other; not thread-safe.
class H2HeadReader {
 public:
  // With `extended_connect`, :protocol is known (RFC 8441).
  H2HeadReader(const H2HeadLimits& limits, bool extended_connect)
      : limits_(limits), extended_connect_(extended_connect) {}

  // Each begins a block. What is filled starts out forgotten, and lives until finish().
  void begin(Request& request);
  // `method` is that of the request. `upgrade`, when not empty, is the protocol that it asked for
  // with an extended CONNECT; a view that lives as long as the response.
  void begin(Response& response, Method method, std::string_view upgrade);
  void begin_trailers(HeaderMap& trailers);

  // The next field, as it came.
  void add(std::string_view name, std::string_view value);

  // The block is complete; `end` tells whether it ends the stream. Null, or why it is refused: the
  // message is of no use then, but for the method, path and query of a request, for the log, as far
  // as they were read. Of a response, the status that stands in the error is not for anybody.
  //
  // A request has its path not normalised yet (path.h). An extended CONNECT is a GET with `upgrade`
  // for everybody behind, as it is in HTTP/1, and its answer a 101: so that what decides sees one
  // kind of request. Their `body` is None though bytes follow, and that of a request with
  // Content-Length 0 is None though the stream may go on (with trailers, or to its end).
  const ParseError* finish(bool end);

  // The rest after finish() returned null.
  // How many bytes of DATA have to follow until the stream ends; nothing when any number may.
  std::optional<std::uint64_t> data_expected() const { return data_expected_; }
  // Whether the client waits for 100 (Continue) before it sends the body.
  bool expect_continue() const { return expect_continue_; }
  // What `priority` says; nothing when it does not occur or is malformed.
  std::optional<H2Priority> priority() const { return priority_; }

  // Bytes of the block up to now, also past the limit.
  std::size_t block_bytes() const { return block_bytes_; }

 private:
  enum class Kind : std::uint8_t { Request, Response, Trailers };
  enum Pseudo : std::uint8_t {
    kMethod = 1,
    kScheme = 2,
    kAuthority = 4,
    kPath = 8,
    kProtocol = 16,
    kStatus = 32
  };

  void begin(Kind kind, HeaderMap& headers, std::size_t max_bytes, std::size_t max_fields);
  void fail(const ParseError& error) {
    if (error_ == nullptr) error_ = &error;
  }
  bool has(Pseudo pseudo) const { return (seen_ & pseudo) != 0; }
  Pseudo pseudo_of(std::string_view name) const;
  void add_pseudo(std::string_view name, std::string_view value);
  void add_field(std::string_view name, std::string_view value);
  void take_host(std::string_view value);
  void read_method(std::string_view value);
  void read_scheme(std::string_view value);
  void read_path(std::string_view value);
  void read_status(std::string_view value);

  const ParseError* finish_request(bool end);
  const ParseError* check_pseudo_headers() const;
  const ParseError* finish_authority();
  const ParseError* finish_response(bool end);
  const ParseError* finish_trailers(bool end) const;
  void join_cookies();

  H2HeadLimits limits_;
  bool extended_connect_;

  Kind kind_ = Kind::Trailers;
  std::uint8_t seen_ = 0;  // of Pseudo
  bool fields_begun_ = false;
  bool expect_continue_ = false;
  Method method_ = Method::Get;  // of the request that a response answers
  Request* request_ = nullptr;
  Response* response_ = nullptr;
  HeaderMap* headers_ = nullptr;
  const ParseError* error_ = nullptr;
  std::optional<std::string_view> host_;
  std::string_view protocol_;
  std::optional<H2Priority> priority_;
  std::optional<std::uint64_t> data_expected_;
  std::size_t block_bytes_ = 0;
  std::size_t max_bytes_ = 0;
  std::size_t max_fields_ = 0;
  std::size_t fields_ = 0;
  std::size_t cookies_ = 0;
};

}  // namespace weir::http
