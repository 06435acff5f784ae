#include "core/server/worker.h"

#include <algorithm>

#include <pthread.h>

namespace weir::server {

Worker::Worker(unsigned index, ConnectionCap& process_cap, Overload& overload,
               WorkerMetrics& metrics, std::function<void()> on_drained)
    : reactor_(index, &overload.memory()),
      process_cap_(process_cap),
      on_drained_(std::move(on_drained)),
      clusters_(reactor_),
      shedding_(*this, overload, metrics) {}

Worker::~Worker() {
  WEIR_CHECK(!thread_.joinable());
}

void Worker::start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), ("weir-" + std::to_string(reactor_.index())).c_str());
    shedding_.start();
    reactor_.loop().run();
  });
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  reactor_.loop().post([this] { reactor_.loop().stop(); });
  thread_.join();
}

void Worker::apply(WorkerUpdate update) {
  if (draining_) return;
  const event::Use<Snapshot> snapshot(*update.snapshot, reactor_);
  std::vector<WorkerListener*> kept_listeners;
  std::vector<std::unique_ptr<WorkerSocket>> kept_sockets;
  for (std::size_t i = 0; i < update.listeners.size(); ++i) {
    WorkerUpdate::Listener& item = update.listeners[i];
    WorkerListener& listener = listener_for(*item.shared);
    listener.update(snapshot, snapshot->listeners[i], log_for(item.log));
    listener.set_flags(update.flags);
    kept_listeners.push_back(&listener);
    const auto same = std::find_if(sockets_.begin(), sockets_.end(), [&item](const auto& socket) {
      return socket != nullptr && socket->id() == item.socket_id;
    });
    if (same != sockets_.end()) {
      (*same)->serve(listener);
      (*same)->look_for_room();
      kept_sockets.push_back(std::move(*same));
    } else {
      kept_sockets.push_back(
          std::make_unique<WorkerSocket>(*this, item.socket_id, std::move(item.socket), listener));
    }
  }
  for (const auto& gone : sockets_) {
    if (gone != nullptr) gone->drain();
  }
  sockets_ = std::move(kept_sockets);
  for (const auto& listener : listeners_) {
    const bool kept = std::find(kept_listeners.begin(), kept_listeners.end(), listener.get()) !=
                      kept_listeners.end();
    if (!kept)
      listener->drain(filter::Drain::Soon,
                      static_cast<std::uint64_t>(snapshot->drain_timeout.count()));
  }
  clusters_.update(update.clusters);
  snapshot_ = snapshot;
  sweep_later();
}

void Worker::set_flags(std::uint64_t flags) {
  for (const auto& listener : listeners_) {
    if (!listener->draining()) listener->set_flags(flags);
  }
}

WorkerLog* Worker::log_for(event::Generation<AccessLog>* log) {
  if (log == nullptr) return nullptr;
  for (const auto& mine : logs_) {
    if (mine->writes_to(*log)) return mine.get();
  }
  logs_.push_back(std::make_unique<WorkerLog>(*log, reactor_));
  return logs_.back().get();
}

WorkerListener& Worker::listener_for(event::Generation<SharedListener>& shared) {
  for (const auto& mine : listeners_) {
    if (mine->is(shared)) return *mine;
  }
  listeners_.push_back(std::make_unique<WorkerListener>(*this, shared));
  return *listeners_.back();
}

void Worker::look_for_room() {
  for (const auto& socket : sockets_) socket->look_for_room();
}

void Worker::drain(std::uint64_t timeout_ms) {
  if (draining_) return;
  draining_ = true;
  for (const auto& socket : sockets_) socket->drain();
  sockets_.clear();
  for (const auto& listener : listeners_) listener->drain(filter::Drain::Now, timeout_ms);
  sweep_later();
}

void Worker::close_all() {
  for (const auto& listener : listeners_) listener->close_all();
}

void Worker::let_go() {
  snapshot_.reset();
  clusters_.clear();
}

void Worker::on_turn_end() {
  for (const auto& listener : listeners_) listener->sweep();
  std::erase_if(listeners_, [](const auto& listener) { return listener->over(); });
  std::erase_if(logs_, [](const auto& log) { return log->users == 0; });
  if (draining_ && listeners_.empty() && !drained_) {
    drained_ = true;
    on_drained_();
  }
}

std::vector<ConnectionRow> Worker::connections(std::size_t most) {
  std::vector<ConnectionRow> rows;
  const std::uint64_t now = reactor_.loop().now();
  for (const auto& listener : listeners_) {
    listener->each_connection([&](WorkerConnection& connection) {
      if (rows.size() >= most) return;
      filter::Downstream& downstream = connection.downstream();
      const net::Connection& bytes = downstream.connection();
      const filter::ConnectionInfo& info = downstream.info();
      WorkerChain* chain = connection.chain();
      rows.push_back({.worker = reactor_.index(),
                      .listener = listener->name(),
                      .chain = chain == nullptr ? std::string() : chain->host().name,
                      .peer = info.peer.to_string(),
                      .client = info.client.to_string(),
                      .age_ms = now - downstream.opened_ms(),
                      .idle_ms = now - bytes.last_activity(),
                      .bytes_in = bytes.bytes_in(),
                      .bytes_out = bytes.bytes_out(),
                      .paused = bytes.pause_reasons(),
                      .response_paused = downstream.response_pauses(),
                      .draining = downstream.draining()});
    });
  }
  return rows;
}

}  // namespace weir::server
