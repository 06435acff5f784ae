#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "core/base/block.h"
#include "core/base/memory_account.h"
#include "core/base/pressure.h"
#include "core/base/random.h"
#include "core/event/loop.h"

namespace weir::event {

// What a part of Weir keeps once per reactor, such as pools or a script VM. Created on first use,
// destroyed with the reactor, newest first.
class ReactorLocal {
 public:
  virtual ~ReactorLocal() = default;
};

// One thread's loop, blocks and locals. `index` is 0 to workers - 1; the control thread is the
// last. Belongs to its thread but for loop.post().
class Reactor {
 public:
  // `budget` limits the memory of its traffic and outlives it; null: no limit.
  explicit Reactor(unsigned index, MemoryBudget* budget = nullptr)
      : index_(index),
        random_(std::uint64_t{std::random_device()()} << 32 | std::random_device()()),
        memory_(budget),
        blocks_(&memory_) {}
  ~Reactor() {
    while (!locals_in_order_.empty()) locals_in_order_.pop_back();
  }

  unsigned index() const { return index_; }
  Loop& loop() { return loop_; }
  MemoryAccount& memory() { return memory_; }
  BlockPool& blocks() { return blocks_; }
  // How much load this reactor sheds; its owner says so.
  Pressure pressure() const { return pressure_; }
  void set_pressure(Pressure pressure) { pressure_ = pressure; }
  // How many copies of requests may be under way here at once; its owner says so.
  std::uint32_t most_copies() const { return most_copies_; }
  void set_most_copies(std::uint32_t most) { most_copies_ = most; }
  std::uint32_t random() { return static_cast<std::uint32_t>(random_.next() >> 32); }

  // The reactor's own T, a ReactorLocal with a constructor T(Reactor&).
  template <typename T>
  T& local() {
    static const std::size_t slot = next_slot();
    if (slot >= locals_.size()) locals_.resize(slot + 1);
    if (locals_[slot] == nullptr) {
      auto made = std::make_unique<T>(*this);
      locals_[slot] = made.get();
      locals_in_order_.push_back(std::move(made));
    }
    return *static_cast<T*>(locals_[slot]);
  }

 private:
  static std::size_t next_slot() {
    static std::atomic<std::size_t> slots{0};
    return slots++;
  }

  unsigned index_;
  Pressure pressure_ = Pressure::None;
  std::uint32_t most_copies_ = UINT32_MAX;
  Random random_;
  MemoryAccount memory_;
  BlockPool blocks_;
  Loop loop_;
  std::vector<ReactorLocal*> locals_;
  std::vector<std::unique_ptr<ReactorLocal>> locals_in_order_;
};

}  // namespace weir::event
