#pragma once

#include <memory>

#include "core/filter/http_filter.h"
#include "filters/accept/ip_filter/ip_filter.h"

namespace weir::filters {

// Answers 403 to clients that the rules do not let pass. Looks at the client as trusted proxies
// name it, where the accept filter of the same name looks at who is connected.
std::unique_ptr<filter::HttpFilterFactory> make_http_ip_filter(IpRules rules);

}  // namespace weir::filters
