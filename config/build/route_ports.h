#pragma once

#include "config/build/scope.h"
#include "config/reading.h"

namespace weir::config {

// Warns of ports in matches that no listener of the list has. Where an accept filter may name
// another port, nothing is known. `reading` is at the root; after the chains are built, when
// nothing was wrong.
void report_unused_ports(Scope& scope, Reading& reading);

}  // namespace weir::config
