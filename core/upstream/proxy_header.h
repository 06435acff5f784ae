#pragma once

#include "core/base/buffer.h"
#include "core/net/address.h"
#include "core/upstream/cluster_spec.h"

namespace weir::upstream {

// Appends the PROXY protocol header that says who is connected (`client`) to what (`local`);
// nothing for ProxyProtocol::None. Addresses of two families go as IPv6 where that can say both,
// else as unknown.
void write_proxy_header(ProxyProtocol version, const net::Address& client,
                        const net::Address& local, BlockPool& pool, Buffer& out);

}  // namespace weir::upstream
