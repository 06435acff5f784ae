#pragma once

#include <optional>
#include <string_view>

#include "core/filter/http_settings.h"
#include "core/filter/stream.h"
#include "core/http/message.h"

namespace weir::filters {

// Finds out who the client is and says so upstream. From a peer in trusted_proxies
// X-Forwarded-For is believed: the client is the last address in it that is not itself a trusted
// proxy; and so is X-Forwarded-Proto, as the scheme. What others say of that kind is removed. Then
// sets X-Forwarded-For, -Proto and -Host, and the request id.
void set_forwarded(filter::Stream& stream, const filter::HttpSettings& settings);

// Of that, what needs no stream. Who the client is by X-Forwarded-For; nothing when it names
// nobody.
std::optional<net::Address> named_client(const http::HeaderMap& headers,
                                         const net::CidrSet& trusted_proxies);
// Believes X-Forwarded-Proto and keeps the fields of that kind, or removes them, and adds what
// `own`, the peer's address as text, says. It and the arena of the headers live as long as the
// request.
void pass_on_forwarded(http::Request& request, std::string_view own, bool believed,
                       const filter::HttpSettings& settings);

// Whether the peer is one of trusted_proxies, for the stream to know.
void judge_peer(filter::Stream& stream, const filter::HttpSettings& settings);

// The id that a believed peer gives, or empty.
std::string_view given_request_id(const http::HeaderMap& headers, bool believed);

// Behind judge_peer(). The id of the exchange: that of a trusted peer's X-Request-Id when it is
// sound (1 to 128 visible characters), else 32 random hex digits.
void set_request_id(filter::Stream& stream, const filter::HttpSettings& settings);

}  // namespace weir::filters
