#pragma once

#include <cstdint>
#include <memory>

#include "core/filter/http_filter.h"

namespace weir::filters {

// Answers 413 to requests whose body is over `bytes` (RFC 9110 section 15.5.14): at once when
// Content-Length says so, else when the byte too many arrives, which goes no further; a response
// that has begun is cut then. What follows an upgrade is no body. Requests without a body do
// without it. Streams: nothing is collected.
std::unique_ptr<filter::HttpFilterFactory> make_body_limit(std::uint64_t bytes);

}  // namespace weir::filters
