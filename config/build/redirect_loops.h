#pragma once

#include "config/build/scope.h"
#include "config/reading.h"

namespace weir::config {

// Warns of redirects that lead back to themselves. A plain GET for each host and path that the
// match of a redirect names is followed through its list, on the ports of the listeners that use
// it; what is decided by chance, cookies or variables may end, and is left alone. `reading` is at
// the root; after the chains are built, when nothing was wrong.
void report_redirect_loops(Scope& scope, Reading& reading);

}  // namespace weir::config
