#pragma once

#include <string>

#include "core/tls/identity.h"

namespace weir::tls {

// A certificate that is in use, for those who watch over it.
struct CertificateInfo {
  std::string file;
  std::string key_type;  // "RSA 2048", "P-256", "Ed25519"
  Identity identity;
};

}  // namespace weir::tls
