#pragma once

#include <optional>
#include <string>

#include "core/tls/pem_text.h"

namespace weir::tls {

// A certificate to show, and its key; both may be in one file.
struct CertificateSpec {
  PemText chain;  // one's own certificate first, then those that lead to the root
  PemText key;
  std::optional<std::string> password;  // of an encrypted key
};

}  // namespace weir::tls
