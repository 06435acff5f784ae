#include "core/server/publisher.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"

namespace weir::server {
namespace {

// How long the end of the process waits for access logs to be written.
constexpr std::chrono::seconds kLogsLinger{2};

bool same(const AccessLogSpec& a, const AccessLogSpec& b) {
  return a.name == b.name && a.target == b.target && a.path == b.path && a.format == b.format &&
         a.add == b.add;
}

}  // namespace

Publisher::Publisher(const event::Reactors& reactors,
                     std::span<const std::unique_ptr<Worker>> workers, MetricsRegistry& metrics,
                     upstream::ClusterRegistry& clusters, const Overrides& overrides)
    : reactors_(reactors),
      workers_(workers),
      metrics_(metrics),
      clusters_(clusters),
      overrides_(overrides),
      sockets_(static_cast<unsigned>(workers.size())) {}

Publisher::~Publisher() {
  WEIR_ASSERT(snapshots_ == 0);
}

// What a Snapshot needs before it can be used.
struct Publisher::Prepared {
  ListenSockets::Plan sockets;
  OpenedLogs logs;
  std::optional<LogOutput> operational_log;
};

Result<Publisher::Prepared> Publisher::prepare(const Snapshot& snapshot) {
  WEIR_TRY(sockets, sockets_.prepare(snapshot));
  WEIR_TRY(logs, open_logs(snapshot));
  WEIR_TRY(operational_log, open_operational_log(snapshot));
  return Prepared{std::move(sockets), std::move(logs), std::move(operational_log)};
}

Result<std::vector<std::string>> Publisher::publish(std::unique_ptr<Snapshot> snapshot, bool keep) {
  WEIR_TRY(prepared, prepare(*snapshot));
  std::vector<std::string> waits;
  for (const ListenSockets::Item& item : prepared.sockets) {
    waits.insert(waits.end(), item.waits.begin(), item.waits.end());
  }
  ++snapshots_;
  snapshot->kept_until_the_end = std::shared_ptr<void>(
      this, [](void* self) { static_cast<Publisher*>(self)->snapshot_gone(); });
  event::Generation<Snapshot>* const old = current_;
  switch_to(*event::Generation<Snapshot>::make(reactors_, std::move(snapshot)),
            std::move(prepared));
  if (keep) {
    forget_kept();
    kept_ = old;
  } else if (old != nullptr) {
    old->retire();
  }
  return waits;
}

Result<void> Publisher::go_back() {
  WEIR_CHECK(kept_ != nullptr);
  WEIR_TRY(prepared, prepare(**kept_));
  event::Generation<Snapshot>* const refused = current_;
  switch_to(*std::exchange(kept_, nullptr), std::move(prepared));
  refused->retire();
  return {};
}

void Publisher::forget_kept() {
  if (kept_ != nullptr) std::exchange(kept_, nullptr)->retire();
}

void Publisher::switch_to(event::Generation<Snapshot>& next, Prepared prepared) {
  Snapshot& snapshot = *next;
  set_operational_log(snapshot, std::move(prepared.operational_log));
  sockets_.commit(snapshot, prepared.sockets);
  replace_logs(snapshot, std::move(prepared.logs));
  replace_listeners(snapshot, prepared.sockets);
  retire_clusters_that_are_gone();
  update_cluster_counts();
  clusters_.adopt(snapshot.clusters);
  add_clusters();
  current_ = &next;
  post_to_workers(prepared.sockets);
}

LogLevels Publisher::levels_of(const Snapshot& snapshot) const {
  LogLevels levels = snapshot.log ? snapshot.log->levels : log_levels();
  for (std::size_t i = 0; i < LogPart::kNames.size(); ++i) {
    const LogPart part = *LogPart::find(LogPart::kNames[i]);
    if (const auto level = overrides_.level(part)) levels[i] = *level;
  }
  return levels;
}

std::uint64_t Publisher::flags() const {
  const Snapshot& snapshot = **current_;
  std::uint64_t flags = snapshot.flags;
  for (std::size_t i = 0; i < snapshot.flag_names.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const std::optional<bool> on = overrides_.flag(snapshot.flag_names[i]);
    if (on) flags = *on ? flags | bit : flags & ~bit;
  }
  return flags;
}

void Publisher::overrides_changed() {
  if (current_ == nullptr) return;
  set_log_levels(levels_of(**current_));
  const std::uint64_t flags = this->flags();
  for (const auto& worker : workers_) {
    worker->reactor().loop().post([&worker = *worker, flags] { worker.set_flags(flags); });
  }
}

const Publisher::Log* Publisher::find(const AccessLogSpec& spec) const {
  const auto found = std::find_if(logs_.begin(), logs_.end(),
                                  [&spec](const Log& log) { return same(log.spec, spec); });
  return found == logs_.end() ? nullptr : &*found;
}

Result<std::optional<LogOutput>> Publisher::open_operational_log(const Snapshot& snapshot) const {
  if (!snapshot.log || operational_log_ == snapshot.log->output) return std::optional<LogOutput>();
  auto output = LogOutput::open(snapshot.log->output);
  if (!output) return std::move(output).error();
  return std::optional(*std::move(output));
}

void Publisher::set_operational_log(const Snapshot& snapshot, std::optional<LogOutput> opened) {
  if (opened) {
    set_log_output(*std::move(opened));
    operational_log_ = snapshot.log->output;
  }
  set_log_levels(levels_of(snapshot));
}

Result<Publisher::OpenedLogs> Publisher::open_logs(const Snapshot& snapshot) {
  OpenedLogs opened;
  for (const AccessLogSpec& spec : snapshot.access_logs) {
    opened.push_back(nullptr);
    if (find(spec) != nullptr) continue;
    AccessLog::Settings settings{.name = spec.name, .kind = spec.target, .path = spec.path};
    WEIR_TRY(format,
             spec.format.empty() ? LogFormat::json(spec.add) : LogFormat::parse(spec.format));
    settings.format = std::move(format);
    std::shared_ptr<LogTotals>& totals = log_totals_[spec.name];
    if (totals == nullptr) totals = std::make_shared<LogTotals>();
    settings.totals = totals;
    auto log = AccessLog::open(std::move(settings));
    if (!log) {
      Error error = std::move(log).error();
      const std::string where = spec.where.empty() ? "access log " + spec.name : spec.where;
      error.message = where + ": " + error.message;
      return error;
    }
    opened.back() = std::move(*log);
  }
  return opened;
}

void Publisher::replace_logs(const Snapshot& snapshot, OpenedLogs opened) {
  std::vector<Log> logs;
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const AccessLogSpec& spec = snapshot.access_logs[i];
    logs.push_back({spec, opened[i] == nullptr ? find(spec)->log
                                               : event::Generation<AccessLog>::make(
                                                     reactors_, std::move(opened[i]))});
  }
  logs_.swap(logs);
  for (const Log& old : logs) {
    const Log* kept = find(old.spec);
    if (kept == nullptr || kept->log != old.log) old.log->retire();
  }
}

void Publisher::replace_listeners(const Snapshot& snapshot, const ListenSockets::Plan& plan) {
  std::vector<event::Generation<SharedListener>*> listeners;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const ListenerSpec& spec = snapshot.listeners[i];
    const auto kept =
        std::find_if(shared_listeners_.begin(), shared_listeners_.end(), [&](const auto* listener) {
          return (*listener)->name == spec.name && (*listener)->address == plan[i].address;
        });
    if (kept != shared_listeners_.end()) {
      (**kept)->cap.set_limit(spec.max_connections);
      listeners.push_back(*kept);
      continue;
    }
    const auto wake = [workers = workers_](unsigned index) {
      Worker& worker = *workers[index];
      worker.reactor().loop().post([&worker] { worker.look_for_room(); });
    };
    listeners.push_back(event::Generation<SharedListener>::make(
        reactors_, std::make_unique<SharedListener>(spec.name, plan[i].address, reactors_.workers(),
                                                    spec.max_connections, wake,
                                                    metrics_.listeners().use(spec.name))));
  }
  shared_listeners_.swap(listeners);
  for (auto* old : listeners) {
    const auto kept = std::find(shared_listeners_.begin(), shared_listeners_.end(), old);
    if (kept == shared_listeners_.end()) old->retire();
  }
}

void Publisher::retire_clusters_that_are_gone() {
  std::erase_if(shared_clusters_, [this](const auto& entry) {
    if (clusters_.find(entry.first) != nullptr) return false;
    entry.second->retire();
    return true;
  });
}

void Publisher::add_clusters() {
  for (const auto& listed : clusters_.list()) {
    const std::string& name = listed.state->name;
    const ClusterCounts::Counters counters = listed.state->counters;
    if (!cluster_counts_.contains(counters.get())) {
      cluster_counts_.try_emplace(counters.get(), counters, metrics_.clusters().use(name));
    }
    if (shared_clusters_.find(name) != shared_clusters_.end()) continue;
    auto shared = std::make_unique<SharedCluster>(name, metrics_.clusters().use(name));
    shared_clusters_.emplace(name, event::Generation<SharedCluster>::make(
                                       reactors_, std::move(shared), event::Usage::Rare));
  }
}

void Publisher::post_to_workers(ListenSockets::Plan& plan) {
  for (const auto& worker : workers_) {
    WorkerUpdate update{.snapshot = current_, .flags = flags(), .listeners = {}, .clusters = {}};
    for (std::size_t i = 0; i < plan.size(); ++i) {
      WorkerUpdate::Listener item{
          .shared = shared_listeners_[i], .socket_id = plan[i].id, .socket = {}, .log = nullptr};
      if (!plan[i].fresh.empty()) item.socket = std::move(plan[i].fresh[worker->reactor().index()]);
      const auto& log = (*current_)->listeners[i].access_log;
      if (log) item.log = logs_[*log].log;
      update.listeners.push_back(std::move(item));
    }
    for (const auto& entry : shared_clusters_) update.clusters.push_back(entry.second);
    worker->reactor().loop().post([&worker = *worker, update = std::move(update)]() mutable {
      worker.apply(std::move(update));
    });
  }
}

std::vector<Publisher::Listening> Publisher::listening() const {
  std::vector<Listening> all;
  for (const auto* listener : shared_listeners_) {
    all.push_back({(*listener)->name, (*listener)->address, (*listener)->cap});
  }
  return all;
}

void Publisher::reopen_logs() {
  reopen_log();
  for (const Log& log : logs_) (*log.log)->reopen();
}

void Publisher::update_cluster_counts() {
  for (auto each = cluster_counts_.begin(); each != cluster_counts_.end();) {
    each = each->second.update() ? std::next(each) : cluster_counts_.erase(each);
  }
}

void Publisher::update_metrics() {
  update_cluster_counts();
  ProcessMetrics& process = metrics_.process();
  process.snapshot = current_ == nullptr ? 0 : (*current_)->number;
  for (const auto& [name, totals] : log_totals_) {
    process.logs[name] = {totals->written, totals->dropped, totals->write_errors};
  }
}

void Publisher::retire(std::function<void()> gone) {
  gone_ = std::move(gone);
  for (const Log& log : std::exchange(logs_, {})) {
    (*log.log)->close(kLogsLinger);
    log.log->retire();
  }
  for (auto* listener : std::exchange(shared_listeners_, {})) listener->retire();
  for (const auto& entry : std::exchange(shared_clusters_, {})) entry.second->retire();
  cluster_counts_.clear();
  forget_kept();
  if (current_ != nullptr) std::exchange(current_, nullptr)->retire();
  if (snapshots_ == 0) gone_();
}

void Publisher::snapshot_gone() {
  --snapshots_;
  if (one_is_gone_) one_is_gone_();
  if (snapshots_ == 0 && gone_) gone_();
}

}  // namespace weir::server
