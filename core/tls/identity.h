#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::tls {

// Who a certificate says that its owner is. Of a peer, only once that was verified; its names may
// hold any byte all the same, as whoever issued it saw fit.
struct Identity {
  std::string subject;  // as RFC 2253 writes it
  std::string serial;   // in hexadecimal
  std::vector<std::string> dns_names;
  std::vector<std::string> uris;
  std::vector<std::string> emails;
  std::vector<std::string> ip_addresses;
  std::string sha256;           // of the certificate, in hexadecimal
  std::int64_t not_before = 0;  // seconds since 1970
  std::int64_t not_after = 0;
};

}  // namespace weir::tls
