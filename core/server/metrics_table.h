#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/lazy.h"
#include "core/server/metrics_blocks.h"

namespace weir::server {

// Takes the numbers of one block into another of the same kind.
template <typename Block>
class MetricsFold {
 public:
  MetricsFold(Block& into, const Block& from) : into_(into), from_(from) { Block::families(*this); }

  void operator()(const MetricFamily&, Counter Block::*cell) const {
    (into_.*cell).add((from_.*cell).value());
  }
  void operator()(const MetricFamily&, Gauge Block::*cell) const {
    (into_.*cell).add((from_.*cell).value());
  }
  void operator()(const MetricFamily&, Histogram Block::*cell) const {
    (into_.*cell).add(from_.*cell);
  }
  template <typename Owner, std::size_t kSize>
  void operator()(const MetricFamily&, std::array<Counter, kSize> Owner::*cells) const {
    for (std::size_t i = 0; i < kSize; ++i) (into_.*cells)[i].add((from_.*cells)[i].value());
  }

 private:
  Block& into_;
  const Block& from_;
};

// The blocks of all objects of one kind: one for each name and worker that counted anything. When
// the last Use of a name ends, its blocks are folded into a sum that stays, so that counters never
// go backwards when the name comes back; of such sums the kMaxGone youngest are kept. Belongs to
// the control thread; a block that was handed out belongs to its worker.
template <typename Block>
class MetricsTable {
 public:
  static constexpr std::size_t kMaxGone = 256;

 private:
  struct Entry {
    Lazy<Block> gone;  // what blocks counted that are no more
    std::unique_ptr<Lazy<Block>[]> blocks;
    std::size_t uses = 0;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

 public:
  // Keeps the blocks of one name. Destroyed by the control thread, after the workers have let go of
  // their blocks and before the table.
  class Use {
   public:
    Use() = default;
    Use(Use&& other) noexcept { *this = std::move(other); }
    Use& operator=(Use&& other) noexcept {
      std::swap(table_, other.table_);
      std::swap(entry_, other.entry_);
      return *this;
    }
    ~Use() {
      if (table_ != nullptr) table_->end_use(entry_);
    }
    // Any thread.
    Block& of(std::size_t worker) const { return entry_->second.blocks[worker].make(); }

   private:
    friend class MetricsTable;
    Use(MetricsTable& table, typename Entries::iterator entry) : table_(&table), entry_(entry) {
      ++entry_->second.uses;
    }

    MetricsTable* table_ = nullptr;
    typename Entries::iterator entry_;
  };

  explicit MetricsTable(std::size_t workers) : workers_(workers) {}
  MetricsTable(const MetricsTable&) = delete;
  MetricsTable& operator=(const MetricsTable&) = delete;

  // The blocks of `name`; the same ones for every use at a time.
  Use use(std::string_view name) {
    auto entry = entries_.find(name);
    if (entry == entries_.end()) entry = entries_.try_emplace(std::string(name)).first;
    if (entry->second.uses == 0) {
      std::erase(gone_, entry->first);
      entry->second.blocks = std::make_unique<Lazy<Block>[]>(workers_);
    }
    return Use(*this, entry);
  }

  // Name by name in their order: adds the sum of all workers to the Block& that `visit(name)`
  // gives.
  template <typename Visit>
  void each(Visit visit) const {
    for (const auto& [name, entry] : entries_) {
      Block& sum = visit(std::string_view(name));
      if (const Block* gone = entry.gone.get()) MetricsFold<Block>(sum, *gone);
      for (std::size_t i = 0; entry.blocks != nullptr && i < workers_; ++i) {
        if (const Block* block = entry.blocks[i].get()) MetricsFold<Block>(sum, *block);
      }
    }
  }
  std::size_t size() const { return entries_.size(); }

 private:
  void end_use(typename Entries::iterator at) {
    Entry& entry = at->second;
    WEIR_ASSERT(entry.uses > 0);
    if (--entry.uses > 0) return;
    for (std::size_t i = 0; i < workers_; ++i) {
      if (const Block* block = entry.blocks[i].get()) MetricsFold<Block>(entry.gone.make(), *block);
    }
    entry.blocks.reset();
    gone_.push_back(at->first);
    if (gone_.size() <= kMaxGone) return;
    entries_.erase(gone_.front());
    gone_.pop_front();
  }

  std::size_t workers_;
  Entries entries_;
  std::deque<std::string> gone_;  // names without a use, the oldest first
};

}  // namespace weir::server
