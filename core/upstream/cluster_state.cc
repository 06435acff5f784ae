#include "core/upstream/cluster_state.h"

#include <bit>

#include "core/upstream/local_clusters.h"

namespace weir::upstream {

ClusterState::ClusterState(std::string cluster, const event::Reactors& all,
                           std::shared_ptr<DenseSlots> slots)
    : name(std::move(cluster)),
      slot(slots->take()),
      reactors(all),
      counters(std::make_shared<CountersByReactor>(all.all.size())),
      slots_(std::move(slots)) {}

void ClusterState::announce_waiting(const event::Reactor& reactor, unsigned slots) {
  const std::uint64_t bit = std::uint64_t{1} << (reactor.index() % 64);
  for (const Slot one : {kRequestSlot, kConnectionSlot}) {
    if ((slots & one) != 0) waiters(one).reactors.fetch_or(bit);
  }
}

// In turn, beginning behind the one that was woken last. A reactor that is woken for nothing, since
// it shares a bit or its requests gave up, wakes the next.
bool ClusterState::wake_next(Slot kind, const event::Reactor& self) {
  Waiters& all = waiters(kind);
  std::uint64_t waiting_now = all.reactors.load();
  while (waiting_now != 0) {
    const unsigned last = all.last_woken.load(std::memory_order_relaxed);
    const int ahead = std::countr_zero(std::rotr(waiting_now, static_cast<int>(last) + 1));
    const unsigned chosen = (last + 1 + static_cast<unsigned>(ahead)) % 64;
    const std::uint64_t bit = std::uint64_t{1} << chosen;
    if ((all.reactors.fetch_and(~bit) & bit) != 0) {
      all.last_woken.store(chosen, std::memory_order_relaxed);
      return wake_bit(chosen, self);
    }
    waiting_now = all.reactors.load();
  }
  return false;
}

bool ClusterState::wake(Slot kind, unsigned reactor, const event::Reactor& self) {
  const std::uint64_t bit = std::uint64_t{1} << (reactor % 64);
  if ((waiters(kind).reactors.fetch_and(~bit) & bit) == 0) return wake_one(kind, self);
  return wake_bit(reactor % 64, self);
}

bool ClusterState::wake_bit(unsigned bit, const event::Reactor& self) {
  bool self_woken = false;
  for (std::size_t i = bit; i < reactors.all.size(); i += 64) {
    event::Reactor* reactor = reactors.all[i];
    if (reactor == &self) {
      self_woken = true;
      continue;
    }
    reactor->loop().post([reactor, place = slot] {
      LocalCluster* cluster = reactor->local<LocalClusters>().find(place);
      if (cluster != nullptr) cluster->serve();
    });
  }
  return self_woken;
}

void ClusterState::ask_for_connection(const event::Reactor& asking) const {
  for (event::Reactor* reactor : reactors.all) {
    const ClusterCounters* const there = counters->find(reactor->index());
    if (reactor == &asking || there == nullptr || there->connections_idle.value() == 0) continue;
    reactor->loop().post([reactor, place = slot, asker = asking.index()] {
      LocalCluster* cluster = reactor->local<LocalClusters>().find(place);
      if (cluster != nullptr) cluster->give_up_connection(asker);
    });
  }
}

}  // namespace weir::upstream
