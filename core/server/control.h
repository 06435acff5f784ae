#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/event/file_watcher.h"
#include "core/event/generation.h"
#include "core/event/signal.h"
#include "core/net/resolver.h"
#include "core/server/admin.h"
#include "core/server/admin_desk.h"
#include "core/server/builder.h"
#include "core/server/connection_cap.h"
#include "core/server/event_log.h"
#include "core/server/kept_overrides.h"
#include "core/server/lookout.h"
#include "core/server/memory_trim.h"
#include "core/server/metrics_registry.h"
#include "core/server/overload.h"
#include "core/server/overrides.h"
#include "core/server/publisher.h"
#include "core/server/reloads.h"
#include "core/server/server.h"
#include "core/server/state_file.h"
#include "core/server/worker.h"
#include "core/upstream/cluster_registry.h"

namespace weir::server {

// The control thread of a Server: owns the workers and everything that is not a worker's, and
// leads it from the first Snapshot to the end. All functions but post() belong to its thread.
class Control final : private Reloads::Owner {
 public:
  // Beyond drain_timeout: the time that closing everything may take.
  static constexpr std::chrono::milliseconds kEndTimeout{1'000};

  Control(const ServerOptions& options, Builder& builder, unsigned workers);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  // Brings up `first`. After an error only the destructor is left.
  Result<void> start(LoadedSnapshot first);
  // Until the end that drain() or end() begins.
  void run();
  // After run(): what is to be kept is on the disk, or in the log if it cannot be. False when that
  // takes too long: all there is to do is to end the process.
  bool end_state() { return state_.end(kEndTimeout); }

  // Any thread.
  void post(void (Control::*what)()) {
    reactor_.loop().post([this, what] { (this->*what)(); });
  }
  void drain();
  void end();
  void reload() { reloads_->reload(); }
  void reopen_logs();

 private:
  enum class Phase : unsigned char {
    Serving,
    Draining,   // workers finish what is under way
    Releasing,  // they let go of all generations
    Ended       // the loop is about to stop
  };

  // Sockets of the admin pages, before anything changes.
  struct AdminSockets {
    std::optional<Admin::Socket> pages;
    std::optional<Admin::Socket> control;
  };

  Result<std::vector<std::string>> publish(std::unique_ptr<Snapshot> snapshot, bool keep) override;
  Result<void> go_back() override;
  void forget_kept() override { publisher_->forget_kept(); }
  std::uint64_t active() const override { return publisher_->current()->number; }
  void on_reloaded(const Reloads::Outcome& outcome, FilesRead files) override;

  Result<void> restore(const std::string& path);
  Clocks clocks();
  void keep_overrides();
  void switched();
  std::vector<std::string> without_effect() const;
  void make_admin();
  Result<AdminSockets> open_admin(const AdminSpec& spec) const;
  void listen_admin(AdminSockets sockets);
  bool serving() const { return phase_ == Phase::Serving; }
  void watch(FilesRead files);
  Lookout::Found what_befell();
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
  Overload overload_;
  MemoryTrim trim_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<net::Resolver> resolver_;
  std::unique_ptr<upstream::ClusterRegistry> clusters_;
  EventLog events_;
  Lookout lookout_;
  StateFile state_;
  std::unique_ptr<Overrides> overrides_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Reloads> reloads_;
  std::unique_ptr<AdminDesk> desk_;
  std::unique_ptr<Admin> pages_;    // both, or neither
  std::unique_ptr<Admin> control_;  // of the control socket
  std::vector<std::unique_ptr<event::Signal>> signals_;
  FilesRead files_;             // what the last load read, or missed
  event::FileWatcher watcher_;  // of those
  event::Timer deadline_;
  Phase phase_ = Phase::Serving;
  unsigned busy_workers_ = 0;  // that have not reached the end of the phase
};

}  // namespace weir::server
