#pragma once

#include <cstdint>
#include <optional>

#include "core/base/arena.h"
#include "core/filter/chain.h"
#include "core/filter/explanation.h"
#include "core/http/message.h"
#include "core/route/exchange_view.h"

namespace weir::filter {

// Adds to `explanation` what `http`, which has routes, does with a request that was read: the
// route, why those before it are not chosen, the filters that join, and what goes upstream. No
// filter runs, but what the settings of one alone decide is told and done. `chosen` is the route
// that was chosen in fact (null for none); without it, a route that takes only some requests by
// chance is listed and the next is looked at. `request` is that of `view`, as filters of an order
// below `reached` have left it, and is changed as the others and the route change it; what is made
// lives in `arena`.
void explain_route(const HttpChain& http, http::Request& request, route::ExchangeView& view,
                   Arena& arena, std::optional<const route::Route*> chosen, std::uint32_t reached,
                   Texts texts, Explanation& explanation);

}  // namespace weir::filter
