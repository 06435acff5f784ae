#include "tests/unit/filters/http_codec/lifecycle.h"

#include "tests/unit/filters/http_codec/wild_world.h"

namespace weir::test {

LifecycleCounts run_lifecycle(Choices& choices, std::size_t steps) {
  WildWorld world(choices);
  for (std::size_t i = 0; i < steps && !choices.exhausted(); ++i) world.step();
  return world.counts;
}

}  // namespace weir::test
