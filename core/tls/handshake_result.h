#pragma once

#include <string_view>

#include "core/tls/handshake.h"

struct ssl_st;

namespace weir::tls {

// What BoringSSL agreed on with the peer.
Handshake handshake_of(const ssl_st& connection);

// Why BoringSSL gave up, from its queue of errors, which is emptied. `first_bytes` are the first
// that the peer sent, a few of them.
HandshakeFailure failure_of(const ssl_st& connection, std::string_view first_bytes);

}  // namespace weir::tls
