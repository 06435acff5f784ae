#pragma once

#include "core/http/header_map.h"
#include "core/http/message.h"

// What a writer asks of a message before it is sent: nothing that a filter wrote, or a peer, may
// come out as something else.
namespace weir::http {

// Whether name and value can stand in a head. For fields of Header::Form::Unchecked; of others it
// is known.
bool is_sendable(const Header& field);

// Whether `path` and `query` can be a target, and `method_name` a method.
bool has_sendable_target(const Request& request);

}  // namespace weir::http
