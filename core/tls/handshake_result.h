#pragma once

#include <cstddef>
#include <string_view>

#include "core/tls/handshake.h"

struct ssl_st;

namespace weir::tls {

// What BoringSSL agreed on with the peer.
Handshake handshake_of(const ssl_st& connection);

// Of an alert's record in clear, all of it.
inline constexpr std::size_t kAlertSize = 7;

// Why BoringSSL gave up, from its queue of errors, which is emptied. `first_bytes` are the first
// that the peer sent, a few of them, and `last_bytes` the last, of which kAlertSize matter.
HandshakeFailure failure_of(const ssl_st& connection, std::string_view first_bytes,
                            std::string_view last_bytes);

}  // namespace weir::tls
