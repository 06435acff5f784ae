#pragma once

#include "core/base/result.h"
#include "core/tls/protocol_spec.h"

struct ssl_ctx_st;

namespace weir::tls {

// Sets versions, ciphers, curves and signature algorithms. An error names what is unknown and what
// may have been meant.
Result<void> apply_protocol(const ProtocolSpec& spec, ssl_ctx_st& context);

}  // namespace weir::tls
