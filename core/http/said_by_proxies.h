#pragma once

#include "core/http/header_map.h"

namespace weir::http {

// Whether a field says where a request came from, as proxies in front do: Forwarded (RFC 7239),
// X-Forwarded-…, X-Real-IP. From anybody else they are lies. Names with `_` for `-` count, since
// applications that are given names as variables, as by CGI, do not tell them apart.
bool is_said_by_proxies(const Header& field);
void remove_said_by_proxies(HeaderMap& headers);

}  // namespace weir::http
