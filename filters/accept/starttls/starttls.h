#pragma once

#include <memory>

#include "core/filter/accept_filter.h"

namespace weir::filters {

// Answers a client of Postgres that asks for TLS, so that its ClientHello comes before a chain is
// chosen. One that does not ask passes as it is.
std::unique_ptr<filter::AcceptFilterFactory> make_postgres_starttls();

}  // namespace weir::filters
