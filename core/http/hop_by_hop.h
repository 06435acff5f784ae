#pragma once

#include <span>
#include <string_view>

#include "core/http/header_map.h"

namespace weir::http {

// Removes what belongs to one connection (RFC 9110 section 7.6.1): Connection and the fields it
// names, Keep-Alive, Proxy-Connection, Transfer-Encoding, Upgrade, and Proxy-Authenticate and
// Proxy-Authorization, which are between the peer and Weir. TE stays as "trailers" when it has
// that member. Trailer stays, since trailers are passed on.
//
// What Weir itself relies on stays though Connection names it: framing, Host, Expect, who sent the
// message, and its id. This runs before any filter adds fields, so that a client cannot take those
// away. Returns what Connection named, for the trailers; as views that live as long as the headers.
using NamedFields = std::span<const std::string_view>;
NamedFields remove_hop_by_hop(HeaderMap& headers);

// Removes from trailers what the head named.
void remove_named(HeaderMap& trailers, NamedFields names);

// Whether a field of this name is always removed: all of these but TE.
bool is_hop_by_hop(HeaderId id);

}  // namespace weir::http
