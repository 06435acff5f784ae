#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/header_map.h"
#include "core/http/message.h"

namespace weir::http {

struct H2Field {
  std::string_view name;
  std::string_view value;
};

struct H2RequestOptions {
  // "http" or "https": of the connection. Empty: that of the request.
  std::string_view scheme = {};
  // The protocol of an extended CONNECT (RFC 8441), which the peer has to allow; empty for none.
  std::string_view upgrade = {};
  // :authority of a request without one, as HTTP/1.0 has them.
  std::string_view default_authority = {};
};

struct H2ResponseOptions {
  // Answers a HEAD request: Content-Length of the headers stays although there is no body.
  bool to_head = false;
  // Answers an extended CONNECT: a 101 is sent as 200.
  bool to_connect = false;
};

// Turns messages into the fields of a header block of HTTP/2 (RFC 9113 section 8). Content-Length
// comes from the message's `body` and `content_length`, as in h1_writer.h; Host is :authority; what
// belongs to a connection of HTTP/1 is left out, and so is a field that is no valid header, which
// in builds with WEIR_DEBUG ends the process. Keeps its memory for the next block. Not thread-safe.
class H2HeadWriter {
 public:
  // Each fills fields(). False, with nothing of use there, when method, target, scheme or authority
  // cannot be sent: what rewrote them is wrong.
  [[nodiscard]] bool write(const Request& request, const H2RequestOptions& options);
  // False for a status that cannot be sent: 101, but in answer to an extended CONNECT.
  [[nodiscard]] bool write(const Response& response, const H2ResponseOptions& options);
  // Without those that may not be trailers.
  void write_trailers(const HeaderMap& trailers);

  // Views into the message, the options, and this; until one of them changes.
  std::span<const H2Field> fields() const { return fields_; }

 private:
  void put(std::string_view name, std::string_view value) { fields_.push_back({name, value}); }
  void put_checked(const Header& field);
  void put_all(const HeaderMap& headers);
  void put_length(std::uint64_t length);
  void put_request_length(const Request& request);
  void put_response_length(const Response& response, bool to_head);

  std::vector<H2Field> fields_;
  std::string target_;
  std::array<char, 20> length_ = {};
  std::array<char, 3> status_ = {};
};

}  // namespace weir::http
