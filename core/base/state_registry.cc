#include "core/base/state_registry.h"

#include <algorithm>

namespace weir {

std::shared_ptr<void> StateRegistry::find_or_make(const Key& key, Make make) {
  std::lock_guard lock(mutex_);
  if (entries_.size() >= sweep_at_) {
    std::erase_if(entries_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max(sweep_at_, 2 * entries_.size());
  }
  std::weak_ptr<void>& entry = entries_[key];
  std::shared_ptr<void> state = entry.lock();
  if (state == nullptr) {
    state = make();
    entry = state;
  }
  return state;
}

}  // namespace weir
