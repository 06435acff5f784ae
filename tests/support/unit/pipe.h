#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include "core/event/loop.h"
#include "core/net/transport.h"

namespace weir::test {

// Calls `task` as one turn of the loop, with everything that the end of a turn brings.
template <typename Task>
void in_turn(event::Loop& loop, Task task) {
  loop.begin_turn();
  task();
  loop.end_turn();
}

// The peer of a connection in memory: what it sends and takes, and what it has seen. Outlives the
// transport that it gives out.
class Pipe {
 public:
  explicit Pipe(event::Loop& loop) : loop_(loop), socket_(socket(AF_INET, SOCK_STREAM, 0)) {}
  ~Pipe() { ::close(socket_); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  // The other end, once.
  std::unique_ptr<net::Transport> make_transport();

  // --- what the peer does; seen at the next turn() -----------------------------------------------
  void send(std::string_view bytes) { inbox_ += bytes; }
  void send_fin() { fin_ = true; }
  void send_reset() { broken_ = true; }
  // Writes to the peer fail; what it sent before can still be read.
  void refuse_writes() { deaf_ = true; }
  // How many more bytes the peer takes.
  void take_at_most(std::size_t bytes) { window_ = bytes; }
  void take_all() { window_ = SIZE_MAX; }
  // How many bytes one call moves at most.
  std::size_t read_limit = SIZE_MAX;
  std::size_t write_limit = SIZE_MAX;

  // One turn, if the transport waits for something that is there. Returns whether it did.
  bool turn();
  // Turns until nothing is ready.
  void run() {
    for (int i = 0; i < 1'000'000 && turn();) ++i;
  }
  // A turn with these events, whatever is there.
  void report(unsigned events);
  // The same as a part of the turn that runs.
  void tell(unsigned events);

  // --- what the peer has seen
  // ----------------------------------------------------------------------
  std::string received;
  std::size_t writes = 0;
  std::size_t reads = 0;
  bool end_announced = false;  // of the last write
  bool got_fin = false;
  bool got_reset = false;
  bool closed = false;

  unsigned wanted() const { return wanted_; }
  std::size_t unread() const { return inbox_.size(); }

 private:
  class End;

  unsigned ready() const {
    unsigned events = 0;
    if (!inbox_.empty() || fin_ || broken_) events |= event::kReadable;
    if (window_ > 0 || broken_) events |= event::kWritable;
    if (fin_ || broken_) events |= event::kHangup;
    if (broken_) events |= event::kError;
    return events;
  }

  event::Loop& loop_;
  int socket_;  // carries the socket options only
  End* end_ = nullptr;
  std::string inbox_;
  std::size_t window_ = SIZE_MAX;
  unsigned wanted_ = 0;
  bool fin_ = false;
  bool broken_ = false;
  bool deaf_ = false;
};

class Pipe::End final : public net::Transport {
 public:
  explicit End(Pipe& pipe) : pipe_(pipe) {}
  ~End() override {
    linger option{};
    socklen_t size = sizeof option;
    getsockopt(pipe_.socket_, SOL_SOCKET, SO_LINGER, &option, &size);
    pipe_.got_reset = option.l_onoff != 0;
    pipe_.closed = true;
    pipe_.end_ = nullptr;
    pipe_.wanted_ = 0;
  }

  void set_owner(net::Transport::Owner& owner) override { owner_ = &owner; }

  net::Io read_some(std::span<const iovec> space) override {
    ++pipe_.reads;
    if (pipe_.broken_) return {net::Io::Kind::Error, ECONNRESET};
    std::size_t moved = 0;
    for (const iovec& piece : space) {
      std::size_t part = std::min(piece.iov_len, pipe_.inbox_.size());
      part = std::min(part, pipe_.read_limit - moved);
      std::memcpy(piece.iov_base, pipe_.inbox_.data(), part);
      pipe_.inbox_.erase(0, part);
      moved += part;
    }
    if (moved > 0) return {net::Io::Kind::Bytes, 0, moved};
    return {pipe_.fin_ ? net::Io::Kind::End : net::Io::Kind::Again};
  }

  net::Io write_some(std::span<const iovec> bytes, bool end_follows) override {
    pipe_.end_announced = end_follows;
    ++pipe_.writes;
    if (pipe_.broken_ || pipe_.deaf_) return {net::Io::Kind::Error, EPIPE};
    std::size_t moved = 0;
    for (const iovec& piece : bytes) {
      std::size_t part = std::min(piece.iov_len, pipe_.window_);
      part = std::min(part, pipe_.write_limit - moved);
      pipe_.received.append(static_cast<const char*>(piece.iov_base), part);
      if (pipe_.window_ != SIZE_MAX) pipe_.window_ -= part;
      moved += part;
    }
    return {moved > 0 ? net::Io::Kind::Bytes : net::Io::Kind::Again, 0, moved};
  }

  void want(unsigned events) override { pipe_.wanted_ = events; }
  void shutdown_write() override { pipe_.got_fin = true; }
  bool quiet() override { return pipe_.inbox_.empty() && !pipe_.fin_ && !pipe_.broken_; }
  bool stirred() const override { return !pipe_.inbox_.empty() || pipe_.fin_ || pipe_.broken_; }
  int raw_fd() const override { return pipe_.socket_; }

  net::Transport::Owner& owner() { return *owner_; }

 private:
  Pipe& pipe_;
  net::Transport::Owner* owner_ = nullptr;
};

inline std::unique_ptr<net::Transport> Pipe::make_transport() {
  auto end = std::make_unique<End>(*this);
  end_ = end.get();
  return end;
}

inline bool Pipe::turn() {
  if (end_ == nullptr || wanted_ == 0) return false;
  const unsigned events = ready() & (wanted_ | event::kError);
  if (events == 0) return false;
  report(events);
  return true;
}

inline void Pipe::report(unsigned events) {
  if (end_ == nullptr) return;
  in_turn(loop_, [&] { tell(events); });
}

inline void Pipe::tell(unsigned events) {
  if ((events & event::kError) != 0) {
    events |= wanted_;
    wanted_ = 0;
  }
  end_->owner().on_ready(events);
}

}  // namespace weir::test
