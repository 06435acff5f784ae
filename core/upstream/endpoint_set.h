#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/upstream/endpoint_state.h"

namespace weir::upstream {

// The members of a cluster at one time. Immutable; used by all workers. The states outlive it
// where it is used: a reactor learns of a new set before a state that is not in it goes away.
struct EndpointSet {
  struct Member {
    EndpointState* state;
    std::uint32_t weight;
    std::vector<std::pair<std::string, std::string>> labels;
  };
  // Of one priority; each has at least one member.
  struct Group {
    std::uint32_t priority;
    std::vector<Member> members;
  };

  std::vector<Group> groups;  // the lowest priority number, which is preferred, first

  bool empty() const { return groups.empty(); }
  // Whether any member may be picked at all, full or not.
  bool any_eligible() const;
};

}  // namespace weir::upstream
