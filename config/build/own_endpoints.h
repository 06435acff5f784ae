#pragma once

#include "config/build/scope.h"
#include "config/reading.h"

namespace weir::config {

// Warns of routes to a cluster with an endpoint that is a listener of the same routes: what is sent
// there comes back and is sent again. Routes that change the request, or are for some clients, may
// end that, and are left alone. `reading` is at the root; after the chains are built, when nothing
// was wrong.
void report_own_endpoints(Scope& scope, Reading& reading);

}  // namespace weir::config
