#pragma once

#include "core/server/admin_request.h"
#include "core/server/overrides.h"
#include "core/server/publisher.h"
#include "core/server/reloads.h"

namespace weir::server {

// --- changes that an operator asks for: the body of the request is a JSON object -----------------

// {"flag": NAME, "on": true, "for_ms": 1000, "why": TEXT}
AdminAnswer set_flag(const AdminRequest& request, const Publisher& publisher, Overrides& overrides);

// {"endpoint": "CLUSTER/ADDRESS", "mode": "drain", "weight": 3, "for_ms": 1000, "why": TEXT}, one
// of mode and weight.
AdminAnswer set_endpoint(const AdminRequest& request, const upstream::ClusterRegistry& clusters,
                         Overrides& overrides);

// {"level": "debug", "part": "upstream", "for_ms": 1000, "why": TEXT}; all parts without one.
AdminAnswer set_log(const AdminRequest& request, Overrides& overrides);

// {"what": "endpoint", "name": "CLUSTER/ADDRESS"}, as for weir ctl, or {} for all.
AdminAnswer clear_overrides(const AdminRequest& request, Overrides& overrides);

// {"confirm_ms": 60000}, or {} for a reload that stays.
Result<Reloads::Confirm> confirm_time(const AdminRequest& request);

// What came of it, in the format that was asked for; 400 for an error.
AdminAnswer message_answer(const Result<std::string>& said, PageFormat format);

}  // namespace weir::server
