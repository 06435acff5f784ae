#include "core/net/listener.h"

#include <cerrno>

#include <sys/socket.h>

namespace weir::net {

Listener::Listener(event::Loop& loop, Descriptor socket, Owner& owner)
    : socket_(std::move(socket)),
      poll_(loop, socket_.get(), *this),
      retry_(event::Timer::of<&Listener::retry>(loop.timers(), this)),
      owner_(owner) {
  poll_.want(event::kReadable);
}

void Listener::pause() {
  paused_ = true;
  poll_.want(0);
}

void Listener::resume() {
  if (!paused_ || drained_) return;
  paused_ = false;
  if (!in_trouble_) poll_.want(event::kReadable);
}

void Listener::drain() {
  drained_ = true;
  paused_ = in_trouble_ = false;
  while (accept_one()) {
  }
  poll_.want(0);
  retry_.cancel();
  paused_ = true;
}

void Listener::on_events(unsigned) {
  for (int i = 0; i < kBatch && accept_one(); ++i) {
  }
}

bool Listener::accept_one() {
  if (paused_ || in_trouble_ || !owner_.take_place()) return false;
  sockaddr_storage storage;
  socklen_t size = sizeof storage;
  Descriptor socket(accept4(socket_.get(), reinterpret_cast<sockaddr*>(&storage), &size,
                            SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) {
    const int code = errno;
    owner_.give_place_back();
    switch (code) {
      case EAGAIN:
        poll_.used_up(event::kReadable);
        return false;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM: {
        in_trouble_ = true;
        poll_.want(0);
        retry_.arm(kRetryMs);
        if (!told_) {
          told_ = true;
          owner_.on_accept_trouble(code);
        }
        return false;
      }
      default:
        // The connection ended while it waited, or a passing fault of the network.
        return true;
    }
  }
  told_ = false;
  owner_.on_accept(std::move(socket),
                   Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size));
  return true;
}

void Listener::retry() {
  in_trouble_ = false;
  if (!paused_) poll_.want(event::kReadable);
}

}  // namespace weir::net
