#pragma once

#include <span>
#include <string>

#include "core/server/admin_pages.h"
#include "core/server/failed_exchange.h"

namespace weir::server {

// What is remembered of exchanges that failed: of all a line each, of one that was asked for by its
// id everything, with what to do.
std::string failures_page(std::span<const FailedExchange> failures, PageFormat format);
std::string why_page(std::span<const FailedExchange> failures, PageFormat format);

}  // namespace weir::server
