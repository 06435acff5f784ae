#pragma once

#include <string>
#include <vector>

namespace weir::tls {

// What a client says before anything is encrypted.
struct ClientHello {
  std::string server_name;             // of SNI, in lower case; empty without
  std::vector<std::string> protocols;  // of ALPN, in the client's order
};

}  // namespace weir::tls
