#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tls/certificate_spec.h"
#include "core/tls/protocol_spec.h"
#include "core/tls/trust_spec.h"

namespace weir::tls {

enum class ClientCertificates : std::uint8_t {
  None,      // not asked for
  Optional,  // asked for; one that is shown must be good
  Require,
};

// What a configuration says of TLS towards clients.
struct ServerSpec {
  ProtocolSpec protocol;
  std::vector<CertificateSpec> certificates;  // at least one
  std::vector<std::string> alpn;              // in the order of preference; empty: no ALPN
  bool require_sni = false;  // refuses names that no certificate has, and clients that say none
  ClientCertificates client_certificates = ClientCertificates::None;
  TrustSpec client_trust;
  bool tickets = true;
  std::uint64_t handshake_timeout_ms = 10'000;
};

}  // namespace weir::tls
