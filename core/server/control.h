#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/event/generation.h"
#include "core/event/signal.h"
#include "core/net/resolver.h"
#include "core/server/admin.h"
#include "core/server/builder.h"
#include "core/server/connection_cap.h"
#include "core/server/metrics_registry.h"
#include "core/server/publisher.h"
#include "core/server/server.h"
#include "core/server/worker.h"
#include "core/upstream/cluster_registry.h"

namespace weir::server {

// The control thread of a Server: owns the workers and everything that is not a worker's, and
// leads it from the first Snapshot to the end. All functions but post() belong to its thread.
class Control final : private AdminSource {
 public:
  // Beyond drain_timeout: the time that closing everything may take.
  static constexpr std::chrono::milliseconds kEndTimeout{1'000};

  Control(const ServerOptions& options, Builder& builder, unsigned workers);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  // Brings up `first`. After an error only the destructor is left.
  Result<void> start(std::unique_ptr<Snapshot> first);
  // Until the end that drain() or end() begins.
  void run();

  // Any thread.
  void post(void (Control::*what)()) {
    reactor_.loop().post([this, what] { (this->*what)(); });
  }
  void drain();
  void end();
  void reload();
  void reopen_logs();

 private:
  enum class Phase : unsigned char {
    Serving,
    Draining,   // workers finish what is under way
    Releasing,  // they let go of all generations
    Ended       // the loop is about to stop
  };

  State state() const override;
  std::string metrics() override;
  std::vector<upstream::ClusterRegistry::Listed> clusters() const override;
  void list_connections(std::size_t most, TakeConnections take) override;

  Result<void> publish(std::unique_ptr<Snapshot> snapshot);
  void loaded(LoadedSnapshot loaded);
  void say_ready();
  void begin_drain(std::chrono::milliseconds timeout);
  void worker_drained();
  void release();
  void worker_released();
  void snapshots_gone();
  void took_too_long();
  void watch_signals();
  void on_ending_signal();

  const ServerOptions& options_;
  Builder& builder_;
  const std::chrono::steady_clock::time_point started_;
  event::Reactor reactor_;
  event::Reactors reactors_;
  MetricsRegistry metrics_;
  ConnectionCap process_cap_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<net::Resolver> resolver_;
  std::unique_ptr<upstream::ClusterRegistry> clusters_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Admin> admin_;
  std::vector<std::unique_ptr<event::Signal>> signals_;
  event::Timer deadline_;
  Phase phase_ = Phase::Serving;
  unsigned busy_workers_ = 0;  // that have not reached the end of the phase
  std::uint64_t last_number_ = 1;
  bool loading_ = false;
  bool load_again_ = false;
};

}  // namespace weir::server
