#pragma once

#include <cstddef>

#include "core/base/memory_budget.h"

namespace weir {

// What one reactor holds of a MemoryBudget; without one it only counts, which is for the control
// thread. Not thread-safe; lives longer than what counts in it.
class MemoryAccount {
 public:
  class Owner {
   public:
    // Memory was taken while little of the budget is left. In the middle of any call: only note it.
    virtual void on_memory_short() = 0;

   protected:
    ~Owner() = default;
  };

  explicit MemoryAccount(MemoryBudget* budget = nullptr) : budget_(budget) {}
  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  // Null: nobody.
  void set_owner(Owner* owner) { owner_ = owner; }

  void take(std::size_t bytes) {
    held_ += bytes;
    if (budget_ == nullptr) return;
    budget_->take(bytes);
    if (owner_ != nullptr && budget_->short_of()) owner_->on_memory_short();
  }
  void give_back(std::size_t bytes) {
    held_ -= bytes;
    if (budget_ != nullptr) budget_->give_back(bytes);
  }
  // Bytes that are left for what can wait.
  std::size_t room() const { return budget_ == nullptr ? SIZE_MAX : budget_->room(); }
  std::size_t held() const { return held_; }

 private:
  MemoryBudget* budget_;
  Owner* owner_ = nullptr;
  std::size_t held_ = 0;
};

}  // namespace weir
