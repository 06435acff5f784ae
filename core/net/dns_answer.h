#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/net/address.h"

namespace weir::net {

// What to look up.
struct DnsQuestion {
  enum class Kind : std::uint8_t {
    Addresses,  // A and AAAA of `name`, which may also be a literal address
    Services,   // SRV of `name` (RFC 2782), then A and AAAA of its targets
  };

  std::string name;
  std::uint16_t port = 0;  // of every address; services bring their own
  Kind kind = Kind::Addresses;
};

// A place that a name stands for. Lower priorities are preferred; weights share the traffic within
// one priority and are at least 1. Addresses without SRV have weight 1 and priority 0.
struct DnsTarget {
  Address address;
  std::uint16_t weight = 1;
  std::uint16_t priority = 0;

  friend bool operator==(const DnsTarget&, const DnsTarget&) = default;
};

struct DnsAnswer {
  // Never empty; each address once; in an order that depends on nothing but the content.
  std::vector<DnsTarget> targets;
  // Seconds for which all of it holds: the smallest of the records used, CNAMEs included.
  std::uint32_t ttl = 0;
  // What could not be asked and is therefore missing, for a person; empty when nothing is.
  std::string missing;
};

}  // namespace weir::net
