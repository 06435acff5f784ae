#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/event/generation.h"
#include "core/upstream/cluster_counters.h"
#include "core/upstream/dense_slots.h"

namespace weir::upstream {

// What all workers know of one cluster, over reloads. Kept by the ClusterRegistry while a Snapshot
// names the cluster, and by each reactor that has a LocalCluster of it.
struct ClusterState {
  ClusterState(std::string cluster, const event::Reactors& all, std::shared_ptr<DenseSlots> slots);
  ~ClusterState() { slots_->give_back(slot); }
  ClusterState(const ClusterState&) = delete;
  ClusterState& operator=(const ClusterState&) = delete;

  const std::string name;
  const std::uint32_t slot;  // a small number, unique in the process
  const event::Reactors& reactors;
  // By reactor; shared with who reads them, for whom they may outlive the cluster.
  const std::shared_ptr<CountersByReactor> counters;

  // Now, over all workers.
  alignas(64) std::atomic<std::uint32_t> requests{0};
  std::atomic<std::uint32_t> connections{0};
  std::atomic<std::uint32_t> retries{0};
  // The next place of round robin.
  alignas(64) std::atomic<std::uint64_t> cursor{0};
  // Requests that wait for a slot. Written, as all below, only while some have to.
  alignas(64) std::atomic<std::uint32_t> waiting{0};

  // What one can wait for. A bit set says for which of them.
  enum Slot : unsigned { kRequestSlot = 1, kConnectionSlot = 2 };

  // Who waits says so here first, and looks for a slot again after that; who frees a slot calls
  // wake_one() after that. So one of them sees the other, and no slot lies idle while one waits.
  void announce_waiting(const event::Reactor& reactor, unsigned slots);
  // Wakes one of the reactors that wait for such a slot, in turn. True when that is `self`, which
  // then sees to it.
  [[nodiscard]] bool wake_one(Slot kind, const event::Reactor& self) {
    return waiters(kind).reactors.load() != 0 && wake_next(kind, self);
  }
  // The same for one reactor; when it does not wait any more, another.
  [[nodiscard]] bool wake(Slot kind, unsigned reactor, const event::Reactor& self);
  // Asks each other reactor that has idle connections to close one.
  void ask_for_connection(const event::Reactor& asking) const;

 private:
  // The reactors where somebody waits, as bits of index % 64.
  struct Waiters {
    std::atomic<std::uint64_t> reactors{0};
    std::atomic<std::uint32_t> last_woken{0};
  };

  Waiters& waiters(Slot kind) { return waiters_[kind / 2]; }
  bool wake_next(Slot kind, const event::Reactor& self);
  bool wake_bit(unsigned bit, const event::Reactor& self);

  Waiters waiters_[2];
  std::shared_ptr<DenseSlots> slots_;
};

// Counts one more of `number` unless it is at `limit`.
inline bool take_one(std::atomic<std::uint32_t>& number, std::uint32_t limit) {
  std::uint32_t now = number.load();
  do {
    if (now >= limit) return false;
  } while (!number.compare_exchange_weak(now, now + 1));
  return true;
}

}  // namespace weir::upstream
