#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/buffer.h"
#include "core/http/message.h"

namespace weir::http {

// Whether a head says how the connection goes on. Implied leaves it to the HTTP version.
enum class ConnectionHeader : std::uint8_t { Implied, Close, KeepAlive };

struct RequestHeadOptions {
  ConnectionHeader connection = ConnectionHeader::Implied;
  // The protocols for Upgrade, together with "Connection: upgrade"; empty for none.
  std::string_view upgrade = {};
  // Host of a request without authority, as HTTP/1.0 has them.
  std::string_view default_host = {};
};

struct ResponseHeadOptions {
  ConnectionHeader connection = ConnectionHeader::Implied;
  std::string_view upgrade = {};
  // Answers a HEAD request: Content-Length of the headers stays although there is no body.
  bool to_head = false;
};

// Each head is one contiguous piece behind `out`, as HTTP/1.1. Framing comes from the message's
// `body` and `content_length` and from the options: Connection, Content-Length, Keep-Alive,
// Proxy-Connection, Transfer-Encoding, Upgrade and, in requests, Host are never taken from the
// headers (but Content-Length is, in a response without a body to HEAD or with status 304). A field
// that is no valid header is left out; in builds with WEIR_DEBUG it ends the process.
//
// Host is `authority`, or when that is empty the default, which may be empty too; the target is
// `path` followed by `query`. False, with nothing written, when those or `method_name` cannot stand
// in a head: what rewrote them is wrong.
[[nodiscard]] bool write_request_head(const Request& request, const RequestHeadOptions& options,
                                      BlockPool& pool, Buffer& out);
// The reason phrase is `reason`, or the usual one when that is empty. For a client that speaks
// HTTP/1.0 the caller does not choose BodyKind::Chunked.
void write_response_head(const Response& response, const ResponseHeadOptions& options,
                         BlockPool& pool, Buffer& out);

// Moves all of `data` behind `out` as one chunk; nothing when it is empty.
void write_chunk(Buffer& data, BlockPool& pool, Buffer& out);
// Ends a chunked body; `trailers` may be null. Fields that may not be trailers are left out.
void write_last_chunk(const HeaderMap* trailers, BlockPool& pool, Buffer& out);

}  // namespace weir::http
