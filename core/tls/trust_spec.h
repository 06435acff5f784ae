#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tls/pem_text.h"

namespace weir::tls {

// A subject alternative name (RFC 5280 4.2.1.6) that a certificate must have. `*.` at the beginning
// of a DNS name stands for one label, `*` at the end of a URI for whatever follows.
struct SanMatch {
  enum class Kind : std::uint8_t { Dns, Uri, Email, Ip };
  Kind kind = Kind::Dns;
  std::string value;
};

// Whose certificates are believed. All that is set must hold.
struct TrustSpec {
  PemText ca;                   // roots or intermediates; without, pins alone say whom to believe
  PemText crl;                  // with one, there must be one of each CA in a chain
  unsigned depth = 10;          // how many CAs may stand between a certificate and the trusted one
  std::vector<SanMatch> names;  // one of them is enough
  std::vector<std::string> sha256;  // of whole certificates, in hexadecimal; one of them is enough
};

}  // namespace weir::tls
