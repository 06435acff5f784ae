#include "core/server/control.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "core/base/log.h"
#include "core/net/socket.h"
#include "core/server/available_memory.h"
#include "core/server/override_effects.h"

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
      overload_(available_memory(), net::raise_descriptor_limit()),
      trim_(overload_.memory(), reactor_.loop().timers()),
      lookout_(events_, reactor_.loop().timers(), [this] { return what_befell(); }),
      watcher_(reactor_.loop(),
               [this](const std::string& what) {
                 log_info("config", "{} has changed", what);
                 reload();
               }),
      deadline_(event::Timer::of<&Control::took_too_long>(reactor_.loop().timers(), this)) {
  for (unsigned i = 0; i < workers; ++i) {
    const auto drained = [this] { post(&Control::worker_drained); };
    workers_.push_back(
        std::make_unique<Worker>(i, process_cap_, overload_, metrics_.worker(i), drained));
    reactors_.all.push_back(&workers_.back()->reactor());
  }
  reactors_.all.push_back(&reactor_);
  metrics_.process().version = options.version;
}

// What the workers released last is destroyed by the last rounds of the loop.
Control::~Control() {
  pages_.reset();
  control_.reset();
  desk_.reset();
  publisher_.reset();
  overrides_.reset();
  clusters_.reset();
  resolver_.reset();
  for (const auto& worker : workers_) worker->stop();
  workers_.clear();
  for (int round = 0; round < 3; ++round) reactor_.loop().run_once();
}

Result<void> Control::start(LoadedSnapshot first) {
  WEIR_TRY(resolver, net::Resolver::create(reactor_.loop(), {}));
  resolver_ = std::move(resolver);
  clusters_ = std::make_unique<upstream::ClusterRegistry>(
      reactors_, resolver_.get(),
      [this](std::string text) { events_.add(LogLevel::Warning, "upstream", std::move(text)); });
  overrides_ = std::make_unique<Overrides>(
      reactor_, *clusters_, events_,
      Overrides::Changed{.effect = [this] { publisher_->overrides_changed(); },
                         .list = [this] { keep_overrides(); }});
  publisher_ = std::make_unique<Publisher>(reactors_, workers_, metrics_, *clusters_, *overrides_);
  publisher_->when_one_is_gone([this] { trim_.ask(); });
  Reloads::Owner& owner = *this;
  reloads_ = std::make_unique<Reloads>(reactor_, builder_, events_, owner);
  make_admin();
  WEIR_TRY(lock, StateLock::take(first.snapshot->state_file, *state_.lock()));
  state_.hold(std::move(lock));
  WEIR_TRY_VOID(restore(first.snapshot->state_file));
  WEIR_TRY(told, publish(std::move(first.snapshot), false));
  for (const std::string& text : told) log_warning("config", "{}", text);
  watch(std::move(first.files));
  if (options_.signals) watch_signals();
  for (const auto& worker : workers_) worker->start();
  trim_.start();
  lookout_.start();
  return {};
}

Lookout::Found Control::what_befell() {
  Lookout::Found found{overload_.take_worst(), {{"log", "operational log", log_lines_dropped()}}};
  if (publisher_ == nullptr) return found;
  for (const auto& [name, totals] : publisher_->log_totals()) {
    found.lost.push_back({"access_log", "access log " + name, totals->dropped});
  }
  return found;
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
  const auto say = [](const net::Address& address, std::string_view what) {
    if (address.family() == net::Address::Family::None) return;
    log_info("server", "{} {}", what, address.to_string());
  };
  if (pages_ != nullptr) {
    listening.admin = pages_->address();
    say(listening.admin, "admin on");
    say(control_->address(), "control socket");
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

Result<std::vector<std::string>> Control::publish(std::unique_ptr<Snapshot> snapshot, bool keep) {
  const bool other_workers = !options_.workers && snapshot->workers != workers_.size();
  WEIR_TRY(sockets, open_admin(snapshot->admin));
  WEIR_TRY(lock, StateLock::take(snapshot->state_file, *state_.lock()));
  WEIR_TRY(waits, publisher_->publish(std::move(snapshot), keep));
  if (other_workers) {
    waits.push_back("workers: there are " + std::to_string(workers_.size()) + " until a restart");
  }
  if (keep && !publisher_->current()->admin.socket) {
    waits.push_back(
        "it goes back in any case: without admin: { socket: … } weir ctl confirm cannot come");
  }
  for (std::string& text : without_effect()) waits.push_back(std::move(text));
  state_.hold(std::move(lock));
  listen_admin(std::move(sockets));
  switched();
  const std::uint32_t asked = publisher_->current()->max_connections.value_or(0);
  if (const std::uint32_t most = process_cap_.limit(); asked > most) {
    waits.push_back("max_connections: there are descriptors for " + std::to_string(most) +
                    " with a connection upstream each, and not for " + std::to_string(asked));
  }
  return waits;
}

Result<void> Control::go_back() {
  WEIR_TRY(sockets, open_admin(publisher_->kept()->admin));
  WEIR_TRY(lock, StateLock::take(publisher_->kept()->state_file, *state_.lock()));
  WEIR_TRY_VOID(publisher_->go_back());
  state_.hold(std::move(lock));
  ++metrics_.process().reloads_rolled_back;
  listen_admin(std::move(sockets));
  switched();
  watch(std::move(files_));
  return {};
}

std::vector<std::string> Control::without_effect() const {
  return OverrideEffects(*publisher_->current(), *clusters_).sentences(overrides_->list());
}

void Control::switched() {
  const Snapshot& snapshot = *publisher_->current();
  overload_.configure(snapshot.overload);
  const std::uint32_t most = overload_.most_clients(snapshot.listeners.size() * workers_.size());
  process_cap_.set_limit(std::min(snapshot.max_connections.value_or(most), most));
  keep_overrides();
}

Result<void> Control::restore(const std::string& path) {
  if (path.empty()) return {};
  WEIR_TRY(all, read_overrides(path, clocks()));
  const std::size_t count = all.size();
  WEIR_TRY_VOID(overrides_->restore(std::move(all)));
  if (count == 0) return {};
  events_.add(LogLevel::Info, "override",
              "what was set before is set again, from " + path + ": " + std::to_string(count));
  return {};
}

Clocks Control::clocks() {
  return {reactor_.loop().now(), reactor_.loop().wall_us()};
}

void Control::keep_overrides() {
  const Snapshot* snapshot = publisher_->current();
  if (snapshot == nullptr) return;
  if (snapshot->state_file.empty()) {
    state_.forget();
    return;
  }
  state_.write(snapshot->state_file, to_text(overrides_->list(), clocks()));
}

void Control::on_reloaded(const Reloads::Outcome& outcome, FilesRead files) {
  ProcessMetrics& process = metrics_.process();
  ++(outcome.good ? process.reloads_ok : process.reloads_failed);
  watch(std::move(files));
}

void Control::make_admin() {
  if (options_.make_http == nullptr) return;
  desk_ = std::make_unique<AdminDesk>(AdminDesk::Parts{.reactor = reactor_,
                                                       .workers = workers_,
                                                       .metrics = metrics_,
                                                       .clusters = *clusters_,
                                                       .publisher = *publisher_,
                                                       .overload = overload_,
                                                       .reloads = *reloads_,
                                                       .overrides = *overrides_,
                                                       .events = events_,
                                                       .state = state_,
                                                       .started = started_,
                                                       .draining = [this] { return !serving(); },
                                                       .drain = [this] { drain(); }});
  const auto ask = [this](const AdminRequest& request, TakeAnswer take) {
    desk_->answer(request, std::move(take));
  };
  pages_ = std::make_unique<Admin>(reactor_, Admin::Access::ReadOnly, options_.make_http, ask);
  control_ = std::make_unique<Admin>(reactor_, Admin::Access::Full, options_.make_http, ask);
}

Result<Control::AdminSockets> Control::open_admin(const AdminSpec& spec) const {
  AdminSockets sockets;
  if (pages_ == nullptr) return sockets;
  if (spec.address) {
    WEIR_TRY(pages, pages_->open(*spec.address, spec.address_where));
    sockets.pages = std::move(pages);
  }
  if (spec.socket) {
    WEIR_TRY(control, control_->open(*spec.socket, spec.socket_where));
    sockets.control = std::move(control);
  }
  return sockets;
}

void Control::listen_admin(AdminSockets sockets) {
  if (pages_ == nullptr) return;
  const auto apply = [](Admin& admin, std::optional<Admin::Socket> socket) {
    if (socket) {
      admin.listen(*std::move(socket));
    } else {
      admin.stop_listening();
    }
  };
  apply(*pages_, std::move(sockets.pages));
  apply(*control_, std::move(sockets.control));
}

void Control::watch(FilesRead files) {
  files_ = std::move(files);
  if (publisher_->current()->watch) {
    watcher_.watch(files_);
  } else {
    watcher_.stop();
  }
}

void Control::reopen_logs() {
  publisher_->reopen_logs();
}

// --- the end -------------------------------------------------------------------------------------

void Control::drain() {
  if (phase_ != Phase::Serving) return;
  const auto timeout = publisher_->current()->drain_timeout;
  events_.add(LogLevel::Info, "server",
              "ending: no new connections, up to " + std::to_string(timeout.count()) +
                  " ms for those that are open");
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
  reloads_->end();
  watcher_.stop();
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
  for (Admin* admin : {pages_.get(), control_.get()}) {
    if (admin == nullptr) continue;
    admin->stop_listening();
    admin->close_all();
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
  overrides_.reset();
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

}  // namespace weir::server
