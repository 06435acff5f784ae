#pragma once

#include <memory>
#include <string>

#include "core/filter/http_filter.h"
#include "core/net/cidr.h"

namespace weir::filters {

struct ExplainSettings {
  std::string header = "x-weir-explain";  // lower case
  net::CidrSet from;                      // who may ask
};

// Answers a request that carries the header with what would become of it, when its client, as
// trusted proxies name it, is one of `from`.
std::unique_ptr<filter::HttpFilterFactory> make_explain(ExplainSettings settings);

}  // namespace weir::filters
