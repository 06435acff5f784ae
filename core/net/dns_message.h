#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/net/address.h"

namespace weir::net {

// Numbers of RFC 1035, RFC 3596 and RFC 2782.
enum class DnsType : std::uint16_t { A = 1, Cname = 5, Aaaa = 28, Srv = 33 };

// One record of class IN; which of the fields below `ttl` are set depends on the type. Names are
// without the final dot, and "" is the root.
struct DnsRecord {
  std::string name;
  DnsType type = DnsType::A;
  std::uint32_t ttl = 0;  // seconds; what has the highest bit set counts as 0 (RFC 2181 section 8)
  Address address;        // A, AAAA; the port is 0
  std::string target;     // CNAME, SRV
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
};

// The question and the answer section of a reply, in its own order; other types and classes are
// left out.
struct DnsMessage {
  // An error when any part of the two sections is malformed, or the reply reports one.
  static Result<DnsMessage> parse(std::span<const unsigned char> bytes);

  // The records of `type` that answer the question, through CNAMEs in whatever order they stand.
  // Lowers `ttl` to the smallest on the way. The pointers live as long as the message.
  std::vector<const DnsRecord*> answers_of(DnsType type, std::uint32_t& ttl) const;

  std::string question;
  std::vector<DnsRecord> answers;
};

}  // namespace weir::net
