#pragma once

#include <cstdint>
#include <vector>

#include "core/base/check.h"

namespace weir {

// Names an object of one reactor from anywhere: a stale id is a miss, never a dangling pointer.
struct SlotId {
  std::uint32_t slot = UINT32_MAX;
  std::uint32_t generation = 0;

  friend bool operator==(const SlotId&, const SlotId&) = default;
};

// Objects by SlotId. Owns nothing; not thread-safe.
template <typename T>
class SlotMap {
 public:
  SlotId add(T& object) {
    std::uint32_t slot;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(entries_.size());
      entries_.push_back({});
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    entries_[slot].object = &object;
    ++size_;
    return {slot, entries_[slot].generation};
  }
  void remove(SlotId id) {
    WEIR_ASSERT(find(id) != nullptr);
    entries_[id.slot].object = nullptr;
    ++entries_[id.slot].generation;
    free_.push_back(id.slot);
    --size_;
  }
  // Null when the object is gone, whatever has its slot now.
  T* find(SlotId id) const {
    if (id.slot >= entries_.size() || entries_[id.slot].generation != id.generation) return nullptr;
    return entries_[id.slot].object;
  }
  std::size_t size() const { return size_; }
  // Calls `visit(T&)` for each object; `visit` must not add or remove.
  template <typename Visit>
  void each(Visit visit) const {
    for (const Entry& entry : entries_) {
      if (entry.object != nullptr) visit(*entry.object);
    }
  }

 private:
  struct Entry {
    T* object = nullptr;
    std::uint32_t generation = 0;
  };
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace weir
