#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/event/generation.h"
#include "core/server/metrics_blocks.h"
#include "core/server/shared_listener.h"
#include "core/server/snapshot.h"
#include "core/server/worker_chain.h"
#include "core/server/worker_connection.h"

namespace weir::server {

class Worker;
class WorkerLog;

// One listener on one worker, over all Snapshots that name it at the same address: its connections
// and its chains, old ones that drain too. Worker thread. Destroyed by its worker once it drains
// and has no connections.
class WorkerListener final : private filter::ExchangeObserver {
 public:
  WorkerListener(Worker& worker, event::Generation<SharedListener>& shared);
  ~WorkerListener();
  WorkerListener(const WorkerListener&) = delete;
  WorkerListener& operator=(const WorkerListener&) = delete;

  bool is(const event::Generation<SharedListener>& shared) const {
    return shared_.get() == shared.get();
  }
  const std::string& name() const { return shared_->name; }
  event::Loop& loop();
  ConnectionCap& cap() { return shared_->cap; }
  ListenerMetrics& metrics() { return metrics_; }

  // Chains that are the same below HTTP keep their connections, the others drain. `log` may be
  // null.
  void update(const event::Use<Snapshot>& snapshot, const ListenerSpec& spec, WorkerLog* log);
  // Chains that drain keep theirs: they know other Snapshots.
  void set_flags(std::uint64_t flags);
  void accept(net::Descriptor socket, const net::Address& peer);
  // The listener is gone or Weir is ending: every connection finishes what is under way; what is
  // left after `timeout_ms` ends as WorkerChain::drain() says.
  void drain(filter::Drain drain, std::uint64_t timeout_ms);
  void close_all();
  // Forgets chains that are over.
  void sweep();
  bool over() const { return draining_ && open_ == 0; }
  bool draining() const { return draining_; }

  // --- for its connections ---------------------------------------------------------------------
  bool waits_for_hello(const filter::ConnectionInfo& info) const;
  WorkerChain* choose_chain(const filter::ConnectionInfo& info);
  void connection_over(WorkerChain* chain);

  // `visit` may drain and close connections.
  template <typename Visit>
  void each_connection(Visit visit) {
    for (WorkerConnection* each = connections_.front(); each != nullptr;) {
      WorkerConnection* next = connections_.next(*each);
      visit(*each);
      each = next;
    }
  }

 private:
  void on_exchange(const filter::ExchangeRecord& record) override;
  void drained_long_enough();
  net::Address local_address(int descriptor) const;

  Worker& worker_;
  event::Use<SharedListener> shared_;
  ListenerMetrics& metrics_;
  event::Use<Snapshot> snapshot_;  // spec_ and the chains in current_ are in it
  const ListenerSpec* spec_ = nullptr;
  WorkerLog* log_ = nullptr;
  std::vector<WorkerChain*> current_;  // by the place of the chain in spec_
  std::vector<std::unique_ptr<WorkerChain>> chains_;
  List<WorkerConnection> connections_;
  bool asks_hello_ = false;  // one of them does
  std::uint32_t open_ = 0;   // connections that are not destroyed yet
  bool draining_ = false;
  bool told_ = false;
  event::Timer deadline_;
  std::uint64_t last_words_ms_ = 0;
};

}  // namespace weir::server
