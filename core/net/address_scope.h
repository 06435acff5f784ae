#pragma once

#include "core/net/address.h"

namespace weir::net {

// Who can reach an IP address, as far as the address tells. Both are false of 0.0.0.0 and [::].

// Only this machine.
bool is_loopback(const Address& address);
// Only networks that are not the Internet: private, shared (RFC 6598), link-local, unique local.
bool is_private(const Address& address);

}  // namespace weir::net
