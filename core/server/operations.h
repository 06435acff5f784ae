#pragma once

#include "core/server/admin_request.h"
#include "core/server/overrides.h"
#include "core/server/publisher.h"
#include "core/server/reloads.h"

namespace weir::server {

// --- changes that an operator asks for: the body of the request is a JSON object. What was done is
// --- said in a few words -------------------------------------------------------------------------

// {"flag": NAME, "on": true, "for_ms": 1000, "why": TEXT}
Result<std::string> set_flag(const AdminRequest& request, const Publisher& publisher,
                             Overrides& overrides);

// {"endpoint": "CLUSTER/ADDRESS", "mode": "drain", "weight": 3, "for_ms": 1000, "why": TEXT}, one
// of mode and weight.
Result<std::string> set_endpoint(const AdminRequest& request,
                                 const upstream::ClusterRegistry& clusters, Overrides& overrides);

// {"level": "debug", "part": "upstream", "for_ms": 1000, "why": TEXT}; all parts without one.
Result<std::string> set_log(const AdminRequest& request, Overrides& overrides);

// {"what": "endpoint", "name": "CLUSTER/ADDRESS"}, as for weir ctl, {"what": "log"} for those of
// all parts, or {} for all.
Result<std::string> clear_overrides(const AdminRequest& request, Overrides& overrides);

// {"confirm_ms": 60000}, or {} for a reload that stays.
Result<Reloads::Confirm> confirm_time(const AdminRequest& request);

// What came of it, in the format that was asked for; for an error 400, or 500 when the system is at
// fault.
AdminAnswer message_answer(const Result<std::string>& said, PageFormat format);

}  // namespace weir::server
