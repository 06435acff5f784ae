#pragma once

#include "core/filter/http_settings.h"
#include "core/filter/stream.h"

namespace weir::filters {

// Finds out who the client is and says so upstream. From a peer in trusted_proxies
// X-Forwarded-For is believed: the client is the last address in it that is not itself a trusted
// proxy; and so is X-Forwarded-Proto, as the scheme. What others say of that kind is removed. Then
// sets X-Forwarded-For, -Proto and -Host, and the request id.
void set_forwarded(filter::Stream& stream, const filter::HttpSettings& settings);

// Whether the peer is one of trusted_proxies, for the stream to know.
void judge_peer(filter::Stream& stream, const filter::HttpSettings& settings);

// Behind judge_peer(). The id of the exchange: that of a trusted peer's X-Request-Id when it is
// sound (1 to 128 visible characters), else 32 random hex digits.
void set_request_id(filter::Stream& stream, const filter::HttpSettings& settings);

}  // namespace weir::filters
