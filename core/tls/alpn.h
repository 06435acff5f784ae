#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace weir::tls {

// `protocols` as they stand in a message: each with its length in front (RFC 7301 3.1). One byte
// is the length, so that an error is a name that is empty or longer than 255.
Result<std::vector<std::uint8_t>> alpn_wire(std::span<const std::string> protocols);

}  // namespace weir::tls
