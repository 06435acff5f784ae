#include "core/upstream/endpoint_set.h"

namespace weir::upstream {

bool EndpointSet::any_eligible() const {
  for (const Group& group : groups) {
    for (const Member& member : group.members) {
      if (member.state->eligible()) return true;
    }
  }
  return false;
}

}  // namespace weir::upstream
