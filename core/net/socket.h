#pragma once

#include <chrono>
#include <vector>

#include "core/base/result.h"
#include "core/net/address.h"
#include "core/net/descriptor.h"

namespace weir::net {

struct ListenOptions {
  unsigned sockets = 1;  // one per worker, by SO_REUSEPORT; a unix path always has one
  int backlog = 1024;
  bool freebind = false;    // an address that this machine does not have yet
  bool ipv6_only = false;   // "[::]" takes IPv4 too unless set
  bool beside_own = false;  // this process has the port already, on another address of it
  unsigned unix_mode = 0660;
};

// Bound, listening, non-blocking sockets; at least one. An address that another process listens on,
// of the same user too, is an error, also when both begin at once; with `beside_own`, of another
// user. `address` gets the port that 0 stands for. A unix path whose owner is gone is taken over;
// one that still answers is an error. Connections inherit TCP_NODELAY. Control thread.
Result<std::vector<Descriptor>> listen_on(Address& address, const ListenOptions& options);

struct ConnectOptions {
  bool keepalive = true;
  std::chrono::seconds keepalive_idle{60};
  std::chrono::seconds keepalive_interval{10};
  int keepalive_probes = 3;

  friend bool operator==(const ConnectOptions&, const ConnectOptions&) = default;
};

// A non-blocking socket on its way to `address`: writable once it is connected or has failed,
// which connect_result() then tells.
Result<Descriptor> start_connect(const Address& address, const ConnectOptions& options = {});
// 0, or the errno of the failed connect.
int connect_result(int descriptor);

// TCP keepalive with these times; ignored by unix sockets.
void set_keepalive(int descriptor, const ConnectOptions& options);

// Raises the descriptor limit of the process to what it may be; returns the limit.
std::size_t raise_descriptor_limit();

}  // namespace weir::net
