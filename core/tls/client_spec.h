#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/tls/certificate_spec.h"
#include "core/tls/protocol_spec.h"
#include "core/tls/trust_spec.h"

namespace weir::tls {

// What a configuration says of TLS towards an upstream.
struct ClientSpec {
  ProtocolSpec protocol;
  bool verify = true;
  TrustSpec trust;          // without names in it, the certificate must be of the server's name
  std::string server_name;  // for SNI and verification; empty: that of each connection
  std::vector<std::string> alpn;
  std::optional<CertificateSpec> certificate;  // to show when asked for
  bool reuse_sessions = true;
  std::uint64_t handshake_timeout_ms = 10'000;
};

}  // namespace weir::tls
