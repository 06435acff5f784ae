#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/net/descriptor.h"
#include "core/net/socket.h"
#include "core/net/socket_file.h"
#include "core/server/snapshot.h"

namespace weir::server {

// The addresses the process listens on. An address that a Snapshot keeps, keeps its sockets and
// those who wait in their queues; a unix socket whose file is gone is made anew. Control thread.
class ListenSockets {
 public:
  // The sockets of one listener of a Snapshot.
  struct Item {
    std::uint64_t id;
    net::Address address;                // as it is bound
    std::vector<net::Descriptor> fresh;  // one for each worker, when the address is new
    net::SocketFile file;                // of a unix socket that is new
    std::vector<std::string> waits;      // what of its options needs a restart, a sentence each
  };
  // One for each listener of a Snapshot, in its order.
  using Plan = std::vector<Item>;

  explicit ListenSockets(unsigned workers) : workers_(workers) {}

  // Makes the sockets that `snapshot` needs besides those there are. Nothing has changed if it
  // fails, or if the plan is dropped.
  Result<Plan> prepare(const Snapshot& snapshot) const;
  // `plan` is what there is now; the files of unix sockets that are in it no more are removed.
  void commit(const Snapshot& snapshot, Plan& plan);
  // The process stops listening.
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    std::uint64_t id;
    net::Address asked;  // as configured; with port 0 the bound one differs
    net::Address bound;
    net::ListenOptions options;
    net::SocketFile file;
  };

  unsigned workers_;
  std::vector<Entry> entries_;
};

}  // namespace weir::server
