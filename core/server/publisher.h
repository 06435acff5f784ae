#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/event/generation.h"
#include "core/server/access_log.h"
#include "core/server/cluster_counts.h"
#include "core/server/listen_sockets.h"
#include "core/server/metrics_registry.h"
#include "core/server/overrides.h"
#include "core/server/shared_cluster.h"
#include "core/server/shared_listener.h"
#include "core/server/snapshot.h"
#include "core/server/worker.h"
#include "core/upstream/cluster_registry.h"

namespace weir::server {

// Brings Snapshots to the workers, with all that outlives them: sockets, access logs, connection
// counts, metrics, clusters. Control thread.
class Publisher {
 public:
  Publisher(const event::Reactors& reactors, std::span<const std::unique_ptr<Worker>> workers,
            MetricsRegistry& metrics, upstream::ClusterRegistry& clusters,
            const Overrides& overrides);
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher();

  // Makes sockets and opens logs first; nothing has changed when that fails. With `keep`, the
  // Snapshot before stays for go_back(). What of it waits for a restart is told, a sentence each.
  Result<std::vector<std::string>> publish(std::unique_ptr<Snapshot> snapshot, bool keep = false);
  // The Snapshot that was kept, or null.
  const Snapshot* kept() const { return kept_ == nullptr ? nullptr : kept_->get(); }
  // It takes the place of the current one again, as in publish().
  Result<void> go_back();
  void forget_kept();
  // Those of the current Snapshot that are on, by bit.
  std::uint64_t flags() const;
  // Flags and levels of the log are as the Snapshot and the overrides say.
  void overrides_changed();
  // The newest, or null before the first.
  const Snapshot* current() const { return current_ == nullptr ? nullptr : current_->get(); }

  // What a listener of the Snapshot has.
  struct Listening {
    const std::string& name;
    const net::Address& address;  // as it is bound
    const ConnectionCap& cap;
  };
  std::vector<Listening> listening() const;

  // Calls `told` whenever a Snapshot has been destroyed, which may be long after the next came.
  void when_one_is_gone(std::function<void()> told) { one_is_gone_ = std::move(told); }
  void reopen_logs();
  // Of access logs, by name.
  const std::map<std::string, std::shared_ptr<LogTotals>>& log_totals() const {
    return log_totals_;
  }
  // Brings what is not counted in the blocks of `metrics` up to date there.
  void update_metrics();

  // The files of unix sockets are removed; workers close the sockets.
  void stop_listening() { sockets_.clear(); }
  // Retires everything. `gone` is called when the last Snapshot is destroyed; destroy this and the
  // ClusterRegistry after that.
  void retire(std::function<void()> gone);

 private:
  struct Log {
    AccessLogSpec spec;
    event::Generation<AccessLog>* log;
  };

  // The place that the operational log moves to; nothing when it stays where it is.
  Result<std::optional<LogOutput>> open_operational_log(const Snapshot& snapshot) const;
  LogLevels levels_of(const Snapshot& snapshot) const;
  void set_operational_log(const Snapshot& snapshot, std::optional<LogOutput> opened);
  using OpenedLogs = std::vector<std::unique_ptr<AccessLog>>;
  // By index in the Snapshot; null where there is a log like that.
  Result<OpenedLogs> open_logs(const Snapshot& snapshot);
  const Log* find(const AccessLogSpec& spec) const;
  struct Prepared;
  Result<Prepared> prepare(const Snapshot& snapshot);
  void switch_to(event::Generation<Snapshot>& next, Prepared prepared);
  void replace_logs(const Snapshot& snapshot, OpenedLogs opened);
  void replace_listeners(const Snapshot& snapshot, const ListenSockets::Plan& plan);
  void retire_clusters_that_are_gone();
  void add_clusters();
  void update_cluster_counts();
  void post_to_workers(ListenSockets::Plan& plan);
  void snapshot_gone();

  const event::Reactors& reactors_;
  std::span<const std::unique_ptr<Worker>> workers_;
  MetricsRegistry& metrics_;
  upstream::ClusterRegistry& clusters_;
  const Overrides& overrides_;
  ListenSockets sockets_;
  event::Generation<Snapshot>* current_ = nullptr;
  event::Generation<Snapshot>* kept_ = nullptr;
  // By index in the Snapshot, both.
  std::vector<event::Generation<SharedListener>*> shared_listeners_;
  std::vector<Log> logs_;
  // By name, for the life of the process: counters never go down.
  std::map<std::string, std::shared_ptr<LogTotals>> log_totals_;
  std::optional<LogSpec> operational_log_;  // once this has sent it somewhere
  std::map<std::string, event::Generation<SharedCluster>*, std::less<>> shared_clusters_;
  // Of those in the Snapshot, and of those that are gone and still in use.
  std::map<const void*, ClusterCounts> cluster_counts_;  // by the counters
  std::size_t snapshots_ = 0;                            // that are not destroyed yet
  std::function<void()> one_is_gone_;
  std::function<void()> gone_;
};

}  // namespace weir::server
