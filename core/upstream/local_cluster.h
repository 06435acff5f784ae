#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/event/generation.h"
#include "core/upstream/attempt.h"
#include "core/upstream/cluster_state.h"
#include "core/upstream/cluster_version.h"
#include "core/upstream/endpoint_pool.h"

namespace weir::upstream {

class LocalClusters;

// One worker's part of a cluster: its pools, and the attempts that wait for a slot, first come
// first served. Slots are counted over all workers; whoever frees one wakes a worker that waits.
class LocalCluster final : public event::Deferred, private event::TurnEnd {
 public:
  LocalCluster(event::Reactor& reactor, LocalClusters& owner,
               const event::Use<ClusterState>& state);
  ~LocalCluster() override;

  event::Reactor& reactor() { return reactor_; }
  ClusterState& state() { return *state_; }
  const ClusterSpec& spec() const { return *version_->spec; }
  const EndpointSet& endpoints() const { return version_->endpoints; }
  ClusterCounters& counters() { return counters_; }

  // Counts one more retry under way, if the budget allows it; end_retry() when it is over.
  bool begin_retry();
  void end_retry() { state_->retries.fetch_sub(1); }

  // --- for LocalClusters and posts of other workers --------------------------------------------
  // Closes the connection of one of the pools that was idle for longest; false without one.
  bool close_idle();
  void adopt(event::Use<ClusterVersion> version);
  void close();
  // Starts as many of those who wait as now is room for. In a turn of its own.
  void serve();
  // Another reactor waits for a connection slot: one that is idle here closes.
  void give_up_connection(unsigned asker);

  // --- for Attempt, EndpointPool and what they own ---------------------------------------------
  Attempt::Begun begin(Attempt& attempt);
  void leave_queue(Attempt& attempt);
  void free_request(EndpointPool& pool);
  void free_connection(EndpointPool& pool);
  // One of the connections here is idle now: as good as a slot for those who wait.
  void on_idle_connection() { wake(ClusterState::kConnectionSlot); }
  // Whether an exchange's connection is better closed than kept, since others wait for one.
  bool others_need_connections() const;
  // Changes when connections that were made before are not to be used again.
  std::uint32_t connection_epoch() const { return connection_epoch_; }
  // The same as serve(), at the end of this turn.
  void serve_soon() { reactor_.loop().at_turn_end(*this); }
  // The same for a descriptor: closes an idle connection of any cluster of this worker.
  bool make_descriptor();
  // The pool is empty and its endpoint gone.
  void remove(EndpointPool& pool);
  bool closing() const { return closing_; }
  // For bytes on their way between two callbacks.
  Buffer& scratch() { return scratch_; }

 private:
  enum class Start : std::uint8_t { Ready, Connecting, Wait, Failed };

  Start try_or_announce(Attempt& attempt);
  Start try_start(Attempt& attempt);
  Start wait_for(unsigned slots);
  Start try_pool(Attempt& attempt, EndpointPool& pool);
  Start take_slots(Attempt& attempt, EndpointPool& pool, HttpConnection* idle);
  EndpointState* pick(const Attempt& attempt);
  static bool has_room(const void* self, const EndpointState& endpoint);
  EndpointPool& pool_of(EndpointState& endpoint);
  void on_turn_end() override { serve(); }
  Attempt::Begun enqueue(Attempt& attempt);
  bool serve_first();
  // Such a slot is free.
  void wake(ClusterState::Slot slot);
  void dequeue(Attempt& attempt);
  // Of who begins to wait now.
  std::uint64_t queue_deadline_ms() const;
  void expire();
  void arm_deadline();
  void end_if_empty();

  event::Reactor& reactor_;
  LocalClusters& owner_;
  event::Use<ClusterState> state_;
  ClusterCounters& counters_;
  event::Use<ClusterVersion> version_;
  std::vector<std::unique_ptr<EndpointPool>> pools_;  // by EndpointState::slot
  std::size_t pool_count_ = 0;
  List<Attempt> waiters_;
  event::Timer deadline_;
  std::uint32_t connection_epoch_ = 0;
  unsigned waits_for_ = 0;        // ClusterState::Slot bits: why try_start() last said Wait
  std::uint32_t close_next_ = 0;  // the pool where close_idle() looks first
  Buffer scratch_;
  std::optional<unsigned> giving_to_;  // the reactor for which close_idle() makes room
  bool closing_ = false;
  bool removed_ = false;
};

}  // namespace weir::upstream
