#pragma once

#include <string_view>

#include "core/base/arena.h"
#include "core/route/exchange_view.h"
#include "core/route/route.h"

namespace weir::route {

// The Location of a redirect of `view.request`, in the arena; `matched_prefix` is that of the
// route's choice. Empty when it needs the request's host or path and there is none, as in HTTP/1.0
// without Host, or OPTIONS *.
std::string_view location_of(const Redirect& redirect, const ExchangeView& view,
                             std::string_view matched_prefix, Arena& arena);

}  // namespace weir::route
