#pragma once

#include <cstdint>
#include <vector>

#include <openssl/base.h>

#include "core/base/result.h"
#include "core/tls/certificate_info.h"
#include "core/tls/certificate_spec.h"

namespace weir::tls {

// A certificate to show, its key, and which clients can use it. Immutable.
struct Certificate {
  CertificateInfo info;
  std::vector<bssl::UniquePtr<CRYPTO_BUFFER>> chain;
  bssl::UniquePtr<EVP_PKEY> key;
  bool rsa = false;
  std::uint16_t curve = 0;                          // of an ECDSA key, as TLS numbers it
  std::vector<std::uint16_t> signature_algorithms;  // one of them a client must know

  std::vector<CRYPTO_BUFFER*> raw_chain() const;
};

// One that has expired is no error: whoever asks for `info` can see it, and clients will.
Result<Certificate> make_certificate(const CertificateSpec& spec);

}  // namespace weir::tls
