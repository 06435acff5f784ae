#pragma once

#include <memory>

#include "core/filter/accept_filter.h"
#include "core/net/cidr.h"

namespace weir::filters {

// Whom a list of blocks lets pass: not those in `deny`; when `allow` is not empty, only those in
// it. Addresses that are no IP address, of unix sockets, pass.
struct IpRules {
  net::CidrSet allow;
  net::CidrSet deny;

  bool lets_pass(const net::Address& address) const;
};

// Refuses connections by the address of the client, before anything is read from them.
std::unique_ptr<filter::AcceptFilterFactory> make_accept_ip_filter(IpRules rules);

}  // namespace weir::filters
