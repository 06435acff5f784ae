#pragma once

#include <cstdint>

#include "core/http/message.h"

namespace weir::filters {

enum class ForwardCount : std::uint8_t {
  Goes,     // on, with one less
  Ends,     // here: this is the final recipient
  Invalid,  // no number, or several
};

// Counts Max-Forwards of OPTIONS and TRACE down (RFC 9110 section 7.6.2). Of other methods it is a
// field like any other.
ForwardCount count_forward(http::Request& request);

}  // namespace weir::filters
