#pragma once

#include "core/net/descriptor.h"
#include "core/net/transport.h"

namespace weir::net {

// A plain socket, which it owns.
class SocketTransport final : public Transport, private event::Poll::Owner {
 public:
  SocketTransport(event::Loop& loop, Descriptor socket);
  ~SocketTransport() override;

  void set_owner(Transport::Owner& owner) override { owner_ = &owner; }
  Io read_some(std::span<const iovec> space) override;
  Io write_some(std::span<const iovec> bytes, bool end_follows) override;
  void want(unsigned events) override { poll_.want(events); }
  void shutdown_write() override;
  bool quiet() override;
  bool stirred() const override { return poll_.ready(event::kReadable | event::kHangup); }
  int raw_fd() const override { return socket_.get(); }

 private:
  void on_events(unsigned events) override { owner_->on_ready(events); }

  Transport::Owner* owner_ = nullptr;
  Descriptor socket_;
  event::Poll poll_;
};

}  // namespace weir::net
