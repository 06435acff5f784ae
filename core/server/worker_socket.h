#pragma once

#include <cstdint>

#include "core/net/listener.h"

namespace weir::server {

class Worker;
class WorkerListener;

// One listening socket of one worker. What it accepts goes to the listener that has its address
// now; it rests while that listener or the process has all the connections it may, and while load
// is shed. Worker thread.
class WorkerSocket final : private net::Listener::Owner {
 public:
  WorkerSocket(Worker& worker, std::uint64_t id, net::Descriptor socket, WorkerListener& serves);

  // As ListenSockets knows it.
  std::uint64_t id() const { return id_; }
  void serve(WorkerListener& listener) { serves_ = &listener; }
  // Goes on when there is room again.
  void look_for_room();
  // Takes whoever waits in the queue; destroy it then.
  void drain();

 private:
  bool take_place() override;
  void give_place_back() override;
  void on_accept(net::Descriptor socket, const net::Address& peer) override;
  void on_accept_trouble(int code) override;
  bool must_wait();

  Worker& worker_;
  std::uint64_t id_;
  WorkerListener* serves_;
  bool waits_ = false;
  bool draining_ = false;
  net::Listener listener_;
};

}  // namespace weir::server
