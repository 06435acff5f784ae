#pragma once

#include "core/http/header_map.h"

namespace weir::http {

// Removes what belongs to one connection (RFC 9110 section 7.6.1): Connection and the fields it
// names, Keep-Alive, Proxy-Connection, Transfer-Encoding, Upgrade, and Proxy-Authenticate and
// Proxy-Authorization, which are between the peer and Weir. TE stays as "trailers" when it has
// that member. Trailer stays, since trailers are passed on.
//
// A field that Weir knows by HeaderId as end-to-end is not removed for being named in Connection:
// otherwise a client could take away what Weir or an origin relies on, such as X-Forwarded-For.
// For the same reason this runs before any filter adds fields.
void remove_hop_by_hop(HeaderMap& headers);

}  // namespace weir::http
