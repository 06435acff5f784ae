#pragma once

#include <memory>

#include "core/filter/http_filter.h"
#include "core/route/header_changes.h"

namespace weir::filters {

struct HeadersSettings {
  route::HeaderChanges request;
  route::HeaderChanges response;
};

// Sets, appends and removes header fields of requests and responses.
std::unique_ptr<filter::HttpFilterFactory> make_headers(HeadersSettings settings);

}  // namespace weir::filters
