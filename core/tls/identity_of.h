#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <openssl/base.h>

#include "core/tls/identity.h"

namespace weir::tls {

Identity identity_of(const X509& certificate);

// In lower case.
std::string hexadecimal(std::span<const std::uint8_t> bytes);

}  // namespace weir::tls
