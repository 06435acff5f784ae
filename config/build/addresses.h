#pragma once

#include <string>
#include <vector>

#include "config/reading.h"
#include "core/net/address.h"

namespace weir::config {

// The addresses that one process listens on, and where they were written.
class Addresses {
 public:
  // Reports `address` when a socket of one before takes it already.
  void add(const net::Address& address, bool ipv6_only, Position where, std::string user,
           Reading& reading);

 private:
  struct Taken {
    net::Address address;
    bool ipv6_only;
    Position where;
    std::string user;  // "the listener 'edge'"
  };

  static bool overlap(const Taken& a, const Taken& b);

  std::vector<Taken> taken_;
};

}  // namespace weir::config
