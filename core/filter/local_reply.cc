#include "core/filter/local_reply.h"

namespace weir::filter {

const LocalReplies::Body* LocalReplies::find(std::uint16_t status) const {
  const Body* best = nullptr;
  for (const Body& body : bodies) {
    if (status < body.first_status || status > body.last_status) continue;
    if (best == nullptr ||
        body.last_status - body.first_status < best->last_status - best->first_status) {
      best = &body;
    }
  }
  return best;
}

}  // namespace weir::filter
