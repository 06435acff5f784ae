#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/event/generation.h"
#include "core/server/connection_cap.h"
#include "core/server/connection_row.h"
#include "core/server/failed_exchanges.h"
#include "core/server/metrics_registry.h"
#include "core/server/snapshot.h"
#include "core/server/worker_clusters.h"
#include "core/server/worker_listener.h"
#include "core/server/worker_log.h"
#include "core/server/worker_shedding.h"
#include "core/server/worker_socket.h"

namespace weir::server {

// A Snapshot on its way to a worker, with what belongs to it besides.
struct WorkerUpdate {
  struct Listener {
    event::Generation<SharedListener>* shared;
    std::uint64_t socket_id;
    net::Descriptor socket;             // when the worker does not have that socket yet
    event::Generation<AccessLog>* log;  // null without one
  };
  event::Generation<Snapshot>* snapshot;
  std::uint64_t flags;              // that are on, as the Snapshot numbers them
  std::vector<Listener> listeners;  // one for each of the Snapshot, in its order
  std::vector<event::Generation<SharedCluster>*> clusters;
};

// A thread with a Reactor that accepts and serves connections. It waits for nobody and nobody
// waits for it: what it should do is posted to its loop. Made and destroyed by the control thread.
class Worker final : private event::TurnEnd {
 public:
  // `on_drained` is called once, on the worker's thread, when drain() has come to its end.
  Worker(unsigned index, ConnectionCap& process_cap, Overload& overload, WorkerMetrics& metrics,
         std::function<void()> on_drained);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();
  // Ends the thread, once what was posted before is done, and waits for that.
  void stop();

  event::Reactor& reactor() { return reactor_; }
  ConnectionCap& process_cap() { return process_cap_; }
  WorkerClusters& clusters() { return clusters_; }
  FailedExchanges& failures() { return failures_; }
  WorkerShedding& shedding() { return shedding_; }

  // --- on the worker's thread ------------------------------------------------------------------
  void apply(WorkerUpdate update);
  // Of the Snapshot that was applied last.
  void set_flags(std::uint64_t flags);
  // A cap has room again, or the pressure is less.
  void look_for_room();
  // Stops accepting and drains every connection; what is left after `timeout_ms` is closed.
  void drain(std::uint64_t timeout_ms);
  void close_all();
  // Behind drain(): lets go of all generations.
  void let_go();
  std::vector<ConnectionRow> connections(std::size_t most);
  // `visit(filter::Downstream&)` may close connections.
  template <typename Visit>
  void each_connection(Visit visit) {
    for (const auto& listener : listeners_) {
      listener->each_connection(
          [&visit](WorkerConnection& connection) { visit(connection.downstream()); });
    }
  }
  // Looks at the end of the turn for what is over.
  void sweep_later() { reactor_.loop().at_turn_end(*this); }

 private:
  void on_turn_end() override;
  WorkerLog* log_for(event::Generation<AccessLog>* log);
  WorkerListener& listener_for(event::Generation<SharedListener>& shared);

  event::Reactor reactor_;
  ConnectionCap& process_cap_;
  std::function<void()> on_drained_;
  event::Use<Snapshot> snapshot_;
  WorkerClusters clusters_;
  FailedExchanges failures_;
  std::vector<std::unique_ptr<WorkerLog>> logs_;
  std::vector<std::unique_ptr<WorkerListener>> listeners_;
  std::vector<std::unique_ptr<WorkerSocket>> sockets_;
  WorkerShedding shedding_;
  bool draining_ = false;
  bool drained_ = false;
  std::thread thread_;
};

}  // namespace weir::server
