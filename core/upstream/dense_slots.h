#pragma once

#include <cstdint>
#include <vector>

namespace weir::upstream {

// Small numbers, each given to one holder at a time, so that they can be places in an array.
class DenseSlots {
 public:
  std::uint32_t take() {
    if (free_.empty()) return next_++;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(std::uint32_t slot) { free_.push_back(slot); }

 private:
  std::vector<std::uint32_t> free_;
  std::uint32_t next_ = 0;
};

}  // namespace weir::upstream
