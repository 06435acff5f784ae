#pragma once

#include <memory>

#include "core/filter/accept_filter.h"
#include "core/net/cidr.h"

namespace weir::filters {

struct ProxyProtocolSettings {
  // Who may send the header; empty: everybody who can connect. Others pass as they are, and a
  // header of theirs is just bytes.
  net::CidrSet from;
  bool optional = false;  // a connection without a header passes too
};

// Reads the PROXY protocol header, version 1 or 2, that a load balancer in front sends first, and
// takes the client's address from it. A malformed header closes the connection.
std::unique_ptr<filter::AcceptFilterFactory> make_proxy_protocol(ProxyProtocolSettings settings);

}  // namespace weir::filters
