#include "core/server/control.h"

#include <csignal>
#include <cstdlib>

#include "core/base/log.h"
#include "core/server/connection_gathering.h"

namespace weir::server {
namespace {

std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Control::Control(const ServerOptions& options, Builder& builder, unsigned workers)
    : options_(options),
      builder_(builder),
      started_(now()),
      reactor_(workers),
      metrics_(workers),
      process_cap_(workers, UINT32_MAX / 2,
                   [this](unsigned index) {
                     Worker& worker = *workers_[index];
                     worker.reactor().loop().post([&worker] { worker.look_for_room(); });
                   }),
      deadline_(event::Timer::of<&Control::took_too_long>(reactor_.loop().timers(), this)) {
  for (unsigned i = 0; i < workers; ++i) {
    const auto drained = [this] { post(&Control::worker_drained); };
    workers_.push_back(std::make_unique<Worker>(i, process_cap_, metrics_.worker(i), drained));
    reactors_.all.push_back(&workers_.back()->reactor());
  }
  reactors_.all.push_back(&reactor_);
  metrics_.process().version = options.version;
}

// What the workers released last is destroyed by the last rounds of the loop.
Control::~Control() {
  admin_.reset();
  publisher_.reset();
  clusters_.reset();
  resolver_.reset();
  for (const auto& worker : workers_) worker->stop();
  workers_.clear();
  for (int round = 0; round < 3; ++round) reactor_.loop().run_once();
}

Result<void> Control::start(std::unique_ptr<Snapshot> first) {
  WEIR_TRY(resolver, net::Resolver::create(reactor_.loop(), {}));
  resolver_ = std::move(resolver);
  clusters_ = std::make_unique<upstream::ClusterRegistry>(reactors_, resolver_.get());
  publisher_ = std::make_unique<Publisher>(reactors_, workers_, metrics_, process_cap_, *clusters_);
  if (options_.make_http != nullptr) {
    AdminSource& source = *this;
    admin_ = std::make_unique<Admin>(reactor_, source, options_.make_http);
  }
  WEIR_TRY_VOID(publish(std::move(first)));
  if (options_.signals) watch_signals();
  for (const auto& worker : workers_) worker->start();
  return {};
}

void Control::run() {
  say_ready();
  reactor_.loop().run();
}

void Control::say_ready() {
  Listening listening;
  for (const Publisher::Listening& each : publisher_->listening()) {
    listening.listeners.push_back({each.name, each.address});
    log_info("server", "listener {} on {}", each.name, each.address.to_string());
  }
  if (admin_ != nullptr) listening.admin = admin_->address();
  if (listening.admin.family() != net::Address::Family::None) {
    log_info("server", "admin on {}", listening.admin.to_string());
  }
  if (options_.on_ready) options_.on_ready(listening);
}

void Control::watch_signals() {
  const auto watch = [this](int number, event::Signal::Callback callback) {
    signals_.push_back(std::make_unique<event::Signal>(reactor_.loop(), number, this, callback));
  };
  watch(SIGTERM, [](void* self) { static_cast<Control*>(self)->on_ending_signal(); });
  watch(SIGINT, [](void* self) { static_cast<Control*>(self)->on_ending_signal(); });
  watch(SIGHUP, [](void* self) { static_cast<Control*>(self)->reload(); });
  watch(SIGUSR1, [](void* self) { static_cast<Control*>(self)->reopen_logs(); });
}

void Control::on_ending_signal() {
  if (phase_ == Phase::Serving) {
    drain();
  } else {
    end();
  }
}

// --- Snapshots -----------------------------------------------------------------------------------

Result<void> Control::publish(std::unique_ptr<Snapshot> snapshot) {
  std::optional<Admin::Socket> pages;
  if (snapshot->admin && admin_ != nullptr) {
    WEIR_TRY(socket, admin_->open(snapshot->admin->address));
    pages = std::move(socket);
  }
  WEIR_TRY_VOID(publisher_->publish(std::move(snapshot)));
  if (pages) {
    admin_->listen(std::move(*pages));
  } else if (admin_ != nullptr) {
    admin_->stop_listening();
  }
  return {};
}

void Control::reload() {
  if (phase_ != Phase::Serving) return;
  if (loading_) {
    load_again_ = true;
    log_warning("config", "still reading: it will be read again after that");
    return;
  }
  loading_ = true;
  builder_.load(++last_number_, [this](LoadedSnapshot result) {
    reactor_.loop().post(
        [this, result = std::move(result)]() mutable { loaded(std::move(result)); });
  });
}

void Control::loaded(LoadedSnapshot result) {
  loading_ = false;
  if (phase_ != Phase::Serving) return;
  const bool good = result.snapshot != nullptr;
  for (const std::string& problem : result.problems) {
    log(good ? LogLevel::Warning : LogLevel::Error, "config", "{}", problem);
  }
  Result<void> published;
  if (good) {
    if (!options_.workers && result.snapshot->workers != workers_.size()) {
      log_warning("config", "there are {} workers until a restart", workers_.size());
    }
    published = publish(std::move(result.snapshot));
    if (!published) log_error("server", "{}", published.error().message);
  }
  if (good && published) {
    ++metrics_.process().reloads_ok;
    log_info("server", "reloaded: snapshot {}", publisher_->current()->number);
  } else {
    ++metrics_.process().reloads_failed;
    log_error("server", "not reloaded: snapshot {} stays", publisher_->current()->number);
  }
  if (std::exchange(load_again_, false)) reload();
}

void Control::reopen_logs() {
  publisher_->reopen_logs();
}

// --- the end -------------------------------------------------------------------------------------

void Control::drain() {
  if (phase_ != Phase::Serving) return;
  const auto timeout = publisher_->current()->drain_timeout;
  log_info("server", "ending: no new connections, up to {} ms for those that are open",
           timeout.count());
  begin_drain(timeout);
}

void Control::end() {
  if (phase_ == Phase::Serving) {
    begin_drain(std::chrono::milliseconds(0));
    return;
  }
  for (const auto& worker : workers_) {
    worker->reactor().loop().post([&worker = *worker] { worker.close_all(); });
  }
  deadline_.cancel();
  deadline_.arm(static_cast<std::uint64_t>(kEndTimeout.count()));
}

void Control::begin_drain(std::chrono::milliseconds timeout) {
  phase_ = Phase::Draining;
  busy_workers_ = static_cast<unsigned>(workers_.size());
  publisher_->stop_listening();
  const auto timeout_ms = static_cast<std::uint64_t>(timeout.count());
  for (const auto& worker : workers_) {
    worker->reactor().loop().post([&worker = *worker, timeout_ms] { worker.drain(timeout_ms); });
  }
  deadline_.arm(timeout_ms + static_cast<std::uint64_t>(kEndTimeout.count()));
}

void Control::worker_drained() {
  if (--busy_workers_ == 0) release();
}

void Control::release() {
  phase_ = Phase::Releasing;
  if (admin_ != nullptr) {
    admin_->stop_listening();
    admin_->close_all();
  }
  busy_workers_ = static_cast<unsigned>(workers_.size());
  for (const auto& worker : workers_) {
    worker->reactor().loop().post([this, &worker = *worker] {
      worker.let_go();
      post(&Control::worker_released);
    });
  }
}

void Control::worker_released() {
  if (--busy_workers_ > 0) return;
  publisher_->retire([this] { post(&Control::snapshots_gone); });
}

// The workers still run what retiring and closing have posted before they stop.
void Control::snapshots_gone() {
  publisher_.reset();
  clusters_.reset();
  for (const auto& worker : workers_) worker->stop();
  phase_ = Phase::Ended;
  deadline_.cancel();
  signals_.clear();
  reactor_.loop().stop();
}

void Control::took_too_long() {
  log_error("server", "something did not end in time: leaving it behind");
  std::_Exit(0);
}

// --- admin ---------------------------------------------------------------------------------------

AdminSource::State Control::state() const {
  return phase_ == Phase::Serving ? State::Ready : State::Draining;
}

std::string Control::metrics() {
  ProcessMetrics& process = metrics_.process();
  process.uptime_us =
      std::chrono::duration_cast<std::chrono::microseconds>(now() - started_).count();
  process.operational_lines_dropped = log_lines_dropped();
  publisher_->update_metrics();
  return metrics_.render();
}

std::vector<upstream::ClusterRegistry::Listed> Control::clusters() const {
  return clusters_->list();
}

void Control::list_connections(std::size_t most, TakeConnections take) {
  ConnectionGathering::begin(reactor_, workers_, most, std::move(take));
}

}  // namespace weir::server
