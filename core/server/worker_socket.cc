#include "core/server/worker_socket.h"

#include <chrono>

#include "core/base/log.h"
#include "core/server/worker.h"
#include "core/server/worker_listener.h"

namespace weir::server {
namespace {

using std::chrono::seconds;
LogLimit full_limit{seconds(10)};
LogLimit trouble_limit{seconds(10)};

}  // namespace

WorkerSocket::WorkerSocket(Worker& worker, std::uint64_t id, net::Descriptor socket,
                           WorkerListener& serves)
    : worker_(worker),
      id_(id),
      serves_(&serves),
      listener_(worker.reactor().loop(), std::move(socket), *this) {
  look_for_room();
}

bool WorkerSocket::must_wait() {
  const unsigned worker = worker_.reactor().index();
  return worker_.reactor().pressure() == Pressure::Critical ||
         serves_->cap().wait_if_full(worker) || worker_.process_cap().wait_if_full(worker);
}

void WorkerSocket::look_for_room() {
  if (must_wait()) {
    if (!waits_) listener_.pause();
    waits_ = true;
  } else if (waits_) {
    waits_ = false;
    listener_.resume();
  }
}

void WorkerSocket::drain() {
  draining_ = true;
  listener_.drain();
}

bool WorkerSocket::take_place() {
  ConnectionCap& listener = serves_->cap();
  ConnectionCap& process = worker_.process_cap();
  if (draining_) {
    // Who waits is served, since nobody else will.
    listener.add();
    process.add();
    return true;
  }
  if (worker_.shedding().must_not_accept()) {
    waits_ = true;
    listener_.pause();
    serves_->metrics().accept_pauses.add();
    worker_.shedding().count_accept_pause();
    return false;
  }
  const unsigned worker = worker_.reactor().index();
  if (listener.take(worker)) {
    if (process.take(worker)) return true;
    listener.remove();
  }
  waits_ = true;
  listener_.pause();
  serves_->metrics().accept_pauses.add();
  log(full_limit, LogLevel::Warning, "server",
      "listener {}: accepting pauses, {} of {} connections are open ({} of {} in the process)",
      serves_->name(), listener.open(), listener.limit(), process.open(), process.limit());
  return false;
}

void WorkerSocket::give_place_back() {
  serves_->cap().remove();
  worker_.process_cap().remove();
}

void WorkerSocket::on_accept(net::Descriptor socket, const net::Address& peer) {
  serves_->accept(std::move(socket), peer);
}

void WorkerSocket::on_accept_trouble(int code) {
  serves_->metrics().accept_pauses.add();
  log(trouble_limit, LogLevel::Error, "server", "listener {}: accepting pauses for a moment: {}",
      serves_->name(), system_error("accept", code).message);
}

}  // namespace weir::server
