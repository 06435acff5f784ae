#include "core/event/generation.h"

namespace weir::event {

void AnyGeneration::retire() {
  for (Reactor* reactor : reactors_.all) {
    reactor->loop().post([this, reactor] {
      Uses& uses = uses_of(*reactor);
      uses.retired = true;
      if (uses.count == 0) post_released();
    });
  }
}

void AnyGeneration::post_released() {
  reactors_.control().loop().post([this] {
    if (++released_ == reactors_.all.size()) delete this;
  });
}

}  // namespace weir::event
