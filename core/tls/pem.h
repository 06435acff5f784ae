#pragma once

#include <optional>
#include <string>
#include <vector>

#include <openssl/base.h>

#include "core/base/result.h"
#include "core/tls/pem_text.h"

// What stands in PEM files. Errors name the file and say what to do.
namespace weir::tls {

// All certificates, in their order; at least one.
Result<std::vector<bssl::UniquePtr<X509>>> read_certificates(const PemText& pem);

// At least one.
Result<std::vector<bssl::UniquePtr<X509_CRL>>> read_crls(const PemText& pem);

// The first private key.
Result<bssl::UniquePtr<EVP_PKEY>> read_key(const PemText& pem,
                                           const std::optional<std::string>& password);

}  // namespace weir::tls
