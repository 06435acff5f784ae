#include "core/net/connection.h"

#include <array>

#include <sys/socket.h>

namespace weir::net {
namespace {

// A head rarely needs more than one block; what fills it is a body, and worth several at once.
constexpr std::size_t kSmallRead = 1;
constexpr std::size_t kLargeReadBlocks = 4;
constexpr std::size_t kLargeRead = kLargeReadBlocks * BlockPool::kBlockSize;
// Less room than this at the end of a block is not worth a read.
constexpr std::size_t kLeastRoom = 2 * 1024;

}  // namespace

Connection::Connection(event::Loop& loop, BlockPool& blocks, std::unique_ptr<Transport> transport,
                       Owner& owner)
    : loop_(loop), blocks_(blocks), transport_(std::move(transport)), owner_(owner) {
  transport_->set_owner(*this);
  last_activity_ = loop_.now();
}

Connection::~Connection() = default;

void Connection::start() {
  started_ = true;
  update_interest();
}

void Connection::on_ready(unsigned events) {
  if ((events & event::kWritable) != 0 && state_ != State::Closed) {
    blocked_ = false;
    flush();
  }
  if (state_ == State::Closed) return;
  const bool broken = (events & event::kError) != 0;
  const bool input = broken || (events & (event::kReadable | event::kHangup)) != 0;
  if (broken && input_ended_) {
    close(fin_sent_ ? CloseReason::Local : CloseReason::Reset);
  } else if (state_ == State::Draining) {
    if (input) discard();
  } else if (paused_ == 0 && !input_ended_ && !hung_up_) {
    // What is yet to be announced comes first: an end may be all that is left to read.
    if (input && !announce_) read();
  } else if (broken) {
    close(CloseReason::Reset);
  } else if ((events & event::kHangup) != 0) {
    hung_up_ = true;
  }
  // The end of the turn would do it again.
  if (state_ != State::Closed && !TurnEnd::linked()) update_interest();
}

void Connection::read() {
  if (!blocks_.may_get(reads_large_ ? kLargeReadBlocks : 1)) {
    pause(kPausedByMemory);
    blocks_.wait(*this);
    return;
  }
  std::array<iovec, kLargeReadBlocks> space;
  const std::size_t entries =
      input_.reserve(blocks_, kLeastRoom, reads_large_ ? kLargeRead : kSmallRead, space);
  std::size_t room = 0;
  for (std::size_t i = 0; i < entries; ++i) room += space[i].iov_len;
  const Io io = transport_->read_some(std::span(space.data(), entries));
  input_.commit(io.bytes);
  switch (io.kind) {
    case Io::Kind::Bytes:
      reads_large_ = io.bytes == room || (reads_large_ && io.bytes > BlockPool::kBlockSize);
      bytes_in_ += io.bytes;
      last_activity_ = loop_.now();
      // What is small waits until all that are ready have read: one kind of work behind the other
      // keeps its code warm. Of what is large the bytes themselves would get cold.
      if (reads_large_) {
        owner_.on_input();
      } else {
        announce_ = true;
        loop_.first_at_turn_end(*this);
      }
      return;
    case Io::Kind::Again:
      return;
    case Io::Kind::End:
      input_ended_ = true;
      owner_.on_input_end();
      return;
    case Io::Kind::Error:
      close(CloseReason::Reset);
      return;
  }
}

// While the last answer is on its way, what the peer still sends is read and dropped: closing a
// socket with unread input would reset it, and the answer might be lost.
void Connection::discard() {
  const BlockRef block = blocks_.get();
  for (int rounds = 0; rounds < 16; ++rounds) {
    const iovec space{block->data(), block->capacity()};
    const Io io = transport_->read_some(std::span(&space, 1));
    if (io.kind == Io::Kind::Bytes) continue;
    if (io.kind == Io::Kind::Again) return;
    input_ended_ = true;
    if (io.kind == Io::Kind::Error) {
      close(CloseReason::Reset);
    } else if (fin_sent_) {
      close();
    }
    return;
  }
}

void Connection::flush() {
  if (output_broken_) {
    output_.clear();
    if (state_ == State::Draining) close(CloseReason::Reset);
    return;
  }
  std::array<iovec, 64> pieces;
  bool end_said = fin_sent_;
  while (!output_.empty() && !blocked_) {
    const std::size_t count = output_.gather(pieces);
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < count; ++i) wanted += pieces[i].iov_len;
    const bool end_follows = fin_wanted_ && wanted == output_.size();
    end_said = end_follows;
    const Io io = transport_->write_some(std::span(pieces.data(), count), end_follows);
    if (io.kind == Io::Kind::Again) {
      blocked_ = true;
    } else if (io.kind != Io::Kind::Bytes) {
      break_output();
      return;
    } else {
      output_.consume(io.bytes);
      bytes_out_ += io.bytes;
      last_activity_ = loop_.now();
      // A short write means that the socket is full: asking again would only be told so.
      blocked_ = io.bytes < wanted;
    }
  }
  if (output_.empty() && fin_wanted_) {
    if (state_ == State::Draining && (input_ended_ || !linger_wanted_)) {
      // For transports to which there is more to an end than that nothing follows.
      if (!end_said) transport_->shutdown_write();
      close();
      return;
    }
    if (!fin_sent_) {
      fin_sent_ = true;
      transport_->shutdown_write();
      if (linger_ != nullptr) linger_->arm(kLingerMs);
    }
  }
  if (was_full_ && output_.size() <= kLowOutput && state_ == State::Open) {
    was_full_ = false;
    owner_.on_output_drained();
  }
}

// The peer takes no more. What it sent before it broke off, such as an early answer, may still be
// there: reading goes on until it ends or fails.
void Connection::break_output() {
  if (state_ != State::Open || paused_ != 0 || input_ended_ || hung_up_) {
    close(CloseReason::Reset);
    return;
  }
  output_broken_ = true;
  output_.clear();
}

void Connection::on_turn_end() {
  if (state_ == State::Closed) {
    if (reported_) return;
    reported_ = true;
    owner_.on_closed(close_reason_);
    return;
  }
  if (announce_) {
    announce_ = false;
    const bool waits = !input_.empty() || input_kept_ || input_ended_;
    if (state_ == State::Open && waits && paused_ == 0) owner_.on_input();
  }
  if (state_ != State::Closed && (!output_.empty() || fin_wanted_)) flush();
  if (state_ == State::Closed) return;
  if (state_ == State::Draining && linger_ == nullptr) {
    linger_.reset(
        new event::Timer(event::Timer::of<&Connection::linger_over>(loop_.timers(), this)));
    linger_->arm(fin_sent_ ? kLingerMs : kStalledMs);
  }
  update_interest();
}

void Connection::pause(PauseReason reason) {
  paused_ |= reason;
  if (state_ != State::Closed) loop_.last_at_turn_end(*this);
}

void Connection::resume(PauseReason reason) {
  if ((paused_ & reason) == 0) return;
  paused_ &= static_cast<std::uint8_t>(~reason);
  if (paused_ != 0 || state_ == State::Closed) return;
  // A peer that hung up while nobody read may have left bytes and its end behind.
  hung_up_ = false;
  announce_ = announce_ || !input_.empty() || input_kept_;
  loop_.last_at_turn_end(*this);
}

void Connection::announce_input() {
  announce_ = true;
  if (state_ != State::Closed) loop_.last_at_turn_end(*this);
}

void Connection::shutdown_write() {
  fin_wanted_ = true;
  if (state_ != State::Closed) loop_.last_at_turn_end(*this);
}

void Connection::close_when_flushed() {
  if (state_ != State::Open) return;
  state_ = State::Draining;
  fin_wanted_ = true;
  linger_wanted_ = true;
  input_.clear();
  loop_.last_at_turn_end(*this);
}

void Connection::linger_over() {
  const std::uint64_t still = loop_.now() - last_activity_;
  if (!fin_sent_ && still < kStalledMs) {
    linger_->arm(kStalledMs - still);
  } else {
    close();
  }
}

void Connection::close_when_written() {
  close_when_flushed();
  linger_wanted_ = false;
}

void Connection::reset() {
  if (state_ == State::Closed) return;
  const linger at_once{1, 0};
  setsockopt(transport_->raw_fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(CloseReason::Local);
}

void Connection::close(CloseReason reason) {
  if (state_ == State::Closed) return;
  state_ = State::Closed;
  close_reason_ = reason;
  transport_.reset();
  input_.clear();
  output_.clear();
  linger_.reset();
  BlockWaiter::unlink();
  loop_.last_at_turn_end(*this);
}

void Connection::update_interest() {
  if (!started_) return;
  unsigned events = 0;
  if (state_ == State::Draining) {
    events = input_ended_ ? event::kError : event::kReadable;
  } else if (input_ended_ || hung_up_) {
    events = event::kError;
  } else {
    events = paused_ == 0 ? event::kReadable : event::kHangup;
  }
  if (blocked_ && !output_.empty()) events |= event::kWritable;
  transport_->want(events);
}

}  // namespace weir::net
