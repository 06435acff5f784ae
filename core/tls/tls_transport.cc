#include "core/tls/tls_transport.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "core/base/check.h"
#include "core/event/timer.h"
#include "core/tls/handshake_result.h"

namespace weir::tls {
namespace {

using net::Io;

constexpr std::size_t kLargeReadBlocks = 4;
// A record that fills one segment can be read as soon as that arrives: the least usual one, of IPv6
// with timestamps, without what TLS 1.2 adds.
constexpr std::size_t kSmallRecord = 1428 - 29;
constexpr std::size_t kLargeRecord = SSL3_RT_MAX_PLAIN_LENGTH;
// After so many bytes the peer reads faster than segments arrive, and large records cost less.
constexpr std::size_t kWarmUp = 16 * 1024;
constexpr std::uint64_t kPauseMs = 1'000;
// How much is encrypted before it is written.
constexpr std::size_t kMostSealed = 64 * 1024;
// Rounds of input that is dropped, at most, in one call.
constexpr int kMostDropped = 16;

std::size_t bytes_in(std::span<const iovec> pieces) {
  std::size_t size = 0;
  for (const iovec& piece : pieces) size += piece.iov_len;
  return size;
}

}  // namespace

// What is needed until the listener was told.
struct TlsTransport::Ongoing {
  Ongoing(TlsTransport& transport, HandshakeListener& who, std::uint64_t timeout)
      : listener(who),
        timeout_ms(timeout),
        timer(event::Timer::of<&TlsTransport::time_out>(transport.loop_.timers(), &transport)) {}

  void tell(State state) {
    if (state == State::Open) {
      listener.on_handshake(handshake);
    } else {
      listener.on_handshake_failed(failure);
    }
  }

  // That the first `size` bytes of `waiting` are read, for who asks later what it was.
  void note(std::string_view waiting, std::size_t size) {
    if (first_bytes.empty()) first_bytes = waiting.substr(0, kFirstBytes);
    last_bytes += waiting.substr(0, size).substr(size - std::min(size, kAlertSize));
    last_bytes.erase(0, last_bytes.size() - std::min(last_bytes.size(), kAlertSize));
  }

  static constexpr std::size_t kFirstBytes = 16;

  HandshakeListener& listener;
  std::uint64_t timeout_ms;
  event::Timer timer;
  bool begun = false;
  std::string first_bytes;
  std::string last_bytes;
  Handshake handshake;
  HandshakeFailure failure;
};

// How BoringSSL reads and writes: out of what was read below, and into what will be written there.
struct TlsTransport::Bio {
  static TlsTransport& transport_of(BIO* bio) {
    return *static_cast<TlsTransport*>(BIO_get_data(bio));
  }

  static int read(BIO* bio, char* space, int size) {
    BIO_clear_retry_flags(bio);
    const int got = transport_of(bio).give_input(space, size);
    if (got < 0) BIO_set_retry_read(bio);
    return got;
  }

  static int write(BIO* bio, const char* bytes, int size) {
    TlsTransport& transport = transport_of(bio);
    transport.out_.append_copy(transport.blocks_, {bytes, static_cast<std::size_t>(size)});
    return size;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static const BIO_METHOD* method() {
    static const BIO_METHOD* const made_once = [] {
      BIO_METHOD* const made = BIO_meth_new(0, "transport");
      BIO_meth_set_read(made, read);
      BIO_meth_set_write(made, write);
      BIO_meth_set_ctrl(made, control);
      return made;
    }();
    return made_once;
  }

  static BIO* make(TlsTransport& transport) {
    BIO* const bio = BIO_new(method());
    WEIR_CHECK(bio != nullptr);
    BIO_set_data(bio, &transport);
    BIO_set_init(bio, 1);
    return bio;
  }
};

TlsTransport::TlsTransport(event::Loop& loop, BlockPool& blocks,
                           std::unique_ptr<net::Transport> below, SslPtr connection,
                           std::uint64_t handshake_timeout_ms, HandshakeListener& listener,
                           Buffer already_read)
    : loop_(loop),
      blocks_(blocks),
      below_(std::move(below)),
      connection_(std::move(connection)),
      ongoing_(std::make_unique<Ongoing>(*this, listener, handshake_timeout_ms)),
      in_(std::move(already_read)) {
  below_->set_owner(*this);
  BIO* const bio = Bio::make(*this);
  SSL_set_bio(connection_.get(), bio, bio);
}

TlsTransport::~TlsTransport() = default;

// --- what is wanted and what is ready -----------------------------------------------------------

void TlsTransport::want(unsigned events) {
  wanted_ = static_cast<std::uint8_t>(events);
  if (state_ == State::Handshaking && !ongoing_->begun) {
    ongoing_->begun = true;
    ongoing_->timer.arm(ongoing_->timeout_ms);
    advance();
  }
  update_interest();
  if ((events & event::kReadable) != 0 && input_waits()) loop_.at_turn_end(*this);
}

void TlsTransport::update_interest() {
  unsigned events = state_ == State::Handshaking ? unsigned{event::kReadable} : wanted_;
  if (!out_.empty()) events |= event::kWritable;
  below_->want(events);
}

bool TlsTransport::input_waits() const {
  if (state_ != State::Open) return state_ == State::Failed && !end_wanted_;
  return !in_.empty() || input_ended_ || read_error_ != 0 || SSL_pending(connection_.get()) > 0;
}

void TlsTransport::on_ready(unsigned events) {
  if ((events & (event::kReadable | event::kHangup | event::kError)) != 0) may_read_below_ = true;
  if ((events & event::kWritable) != 0) send_out(false);
  if (state_ == State::Handshaking) {
    if (may_read_below_) advance();
    update_interest();
    return;
  }
  // After an error below, whether to watch on is the owner's to say.
  if ((events & event::kError) == 0) update_interest();
  unsigned told = events & (wanted_ | event::kError);
  if (!out_.empty()) told &= ~unsigned{event::kWritable};
  if (told != 0) owner_->on_ready(told);
}

void TlsTransport::on_turn_end() {
  if (ongoing_ != nullptr && state_ != State::Handshaking) {
    // What the listener writes now goes out together with the end of the handshake.
    if (state_ == State::Open) loop_.last_at_turn_end(*this);
    const std::unique_ptr<Ongoing> over = std::move(ongoing_);
    over->tell(state_);
    return;
  }
  if (send_out(false)) update_interest();
  if ((wanted_ & event::kReadable) == 0 || !input_waits()) return;
  // Only what is here already: others have their turn before more is read.
  may_read_below_ = false;
  owner_->on_ready(event::kReadable);
}

// --- the handshake ------------------------------------------------------------------------------

void TlsTransport::advance() {
  ERR_clear_error();
  const int result = SSL_do_handshake(connection_.get());
  if (result == 1) {
    complete();
    return;
  }
  const int error = SSL_get_error(connection_.get(), result);
  if (below_ended_ || read_error_ != 0) {
    fail({below_ended_ ? "closed" : "reset", {}});
  } else if (error == SSL_ERROR_WANT_READ) {
    send_out(false);
  } else {
    fail(failure_of(*connection_, ongoing_->first_bytes, ongoing_->last_bytes));
  }
}

void TlsTransport::complete() {
  state_ = State::Open;
  ongoing_->timer.cancel();
  ongoing_->handshake = handshake_of(*connection_);
  loop_.at_turn_end(*this);
}

void TlsTransport::fail(HandshakeFailure failure) {
  state_ = State::Failed;
  in_.clear();
  ongoing_->timer.cancel();
  // To a peer that does not speak TLS an alert is no answer.
  if (failure.reason == "http_request" || failure.reason == "not_tls") out_.clear();
  ongoing_->failure = std::move(failure);
  send_out(false);
  loop_.at_turn_end(*this);
}

void TlsTransport::time_out() {
  fail({"timeout", {}});
  update_interest();
}

// --- reading ------------------------------------------------------------------------------------

// For BoringSSL: the number of bytes, zero at the end, -1 when there are none now.
int TlsTransport::give_input(char* space, int size) {
  if (in_.empty()) {
    const Io io = read_below();
    if (io.kind == Io::Kind::End) {
      below_ended_ = true;
      return 0;
    }
    if (io.kind == Io::Kind::Error) read_error_ = io.code;
    if (io.kind != Io::Kind::Bytes) return -1;
  }
  const std::string_view front = in_.front();
  const std::size_t part = std::min(front.size(), static_cast<std::size_t>(size));
  std::memcpy(space, front.data(), part);
  if (ongoing_ != nullptr) ongoing_->note(front, part);
  in_.consume(part);
  return static_cast<int>(part);
}

// As much as fits: a record costs BoringSSL two reads, and several may have come.
Io TlsTransport::read_below() {
  if (!may_read_below_) return {Io::Kind::Again};
  std::array<iovec, kLargeReadBlocks> space;
  const std::size_t wanted = reads_large_ ? kLargeReadBlocks * BlockPool::kBlockSize : 1;
  const std::size_t entries = in_.reserve(blocks_, BlockPool::kBlockSize, wanted, space);
  const std::span<const iovec> given(space.data(), entries);
  const Io io = below_->read_some(given);
  in_.commit(io.bytes);
  may_read_below_ = io.bytes == bytes_in(given);
  reads_large_ = may_read_below_ || (reads_large_ && io.bytes > BlockPool::kBlockSize);
  return io;
}

Io TlsTransport::read_some(std::span<const iovec> space) {
  if (state_ == State::Handshaking) return {Io::Kind::Again};
  if (state_ == State::Failed) return end_wanted_ ? drop_input() : Io{Io::Kind::Error, EPROTO};
  std::size_t got = 0;
  for (const iovec& piece : space) {
    const std::size_t part = decrypt_into(piece);
    got += part;
    if (part < piece.iov_len) break;
  }
  // BoringSSL may have answered: with an alert, or with a key.
  if (!out_.empty() && send_out(false)) update_interest();
  if (got > 0) return {Io::Kind::Bytes, 0, got};
  if (read_error_ != 0) return {Io::Kind::Error, read_error_};
  return {input_ended_ ? Io::Kind::End : Io::Kind::Again};
}

std::size_t TlsTransport::decrypt_into(const iovec& space) {
  std::size_t got = 0;
  while (got < space.iov_len && read_error_ == 0 && !input_ended_) {
    ERR_clear_error();
    const int part = SSL_read(connection_.get(), static_cast<char*>(space.iov_base) + got,
                              static_cast<int>(space.iov_len - got));
    if (part <= 0) {
      note_end_of_input(part);
      break;
    }
    got += static_cast<std::size_t>(part);
  }
  return got;
}

void TlsTransport::note_end_of_input(int result) {
  const int error = SSL_get_error(connection_.get(), result);
  ERR_clear_error();
  if (error == SSL_ERROR_ZERO_RETURN) {
    input_ended_ = true;
  } else if (read_error_ == 0 && below_ended_) {
    read_error_ = ECONNABORTED;
  } else if (read_error_ == 0 && error != SSL_ERROR_WANT_READ) {
    read_error_ = EPROTO;
  }
}

// After a handshake that failed: a socket that is closed with unread input resets the connection,
// and the peer might never see the alert.
Io TlsTransport::drop_input() {
  const BlockRef block = blocks_.get();
  const iovec space{block->data(), block->capacity()};
  for (int i = 0; i < kMostDropped; ++i) {
    const Io io = below_->read_some(std::span(&space, 1));
    if (io.kind != Io::Kind::Bytes) return io;
  }
  return {Io::Kind::Again};
}

bool TlsTransport::quiet() {
  if (state_ == State::Handshaking) return true;
  if (state_ == State::Failed || input_ended_ || read_error_ != 0) return false;
  if (!input_waits() && below_->quiet()) return true;
  // It may be nothing but tickets, or a change of keys.
  may_read_below_ = true;
  char byte;
  ERR_clear_error();
  const int result = SSL_peek(connection_.get(), &byte, 1);
  if (result <= 0) note_end_of_input(result);
  if (!out_.empty() && send_out(false)) update_interest();
  if (!input_waits()) return true;
  // The loop below will not hear of it again.
  if ((wanted_ & event::kReadable) != 0) loop_.at_turn_end(*this);
  return false;
}

// --- writing ------------------------------------------------------------------------------------

std::size_t TlsTransport::record_limit() {
  const std::uint64_t now = loop_.now();
  if (now - last_write_ >= kPauseMs) written_in_a_row_ = 0;
  last_write_ = now;
  return written_in_a_row_ < kWarmUp ? kSmallRecord : kLargeRecord;
}

// Encrypts `size` bytes from the offset `from` on.
bool TlsTransport::seal(std::span<const iovec> bytes, std::size_t from, std::size_t size) {
  std::array<char, kLargeRecord> gathered;
  auto piece = bytes.begin();
  while (size > 0) {
    while (from >= piece->iov_len) {
      from -= piece->iov_len;
      ++piece;
    }
    const std::size_t record = std::min(size, record_limit());
    const char* data = static_cast<const char*>(piece->iov_base) + from;
    if (piece->iov_len - from < record) {
      std::size_t filled = 0;
      auto next = piece;
      for (std::size_t skip = from; filled < record; ++next, skip = 0) {
        const std::size_t part = std::min(next->iov_len - skip, record - filled);
        std::memcpy(gathered.data() + filled, static_cast<char*>(next->iov_base) + skip, part);
        filled += part;
      }
      data = gathered.data();
    }
    ERR_clear_error();
    if (SSL_write(connection_.get(), data, static_cast<int>(record)) != static_cast<int>(record)) {
      return false;
    }
    written_in_a_row_ += record;
    from += record;
    size -= record;
  }
  return true;
}

// Writes below what is encrypted; what the peer does not take stays. False when it never will.
bool TlsTransport::send_out(bool end_follows) {
  std::array<iovec, 16> pieces;
  while (!out_.empty() && write_error_ == 0) {
    const std::size_t count = out_.gather(pieces);
    const std::span<const iovec> part(pieces.data(), count);
    const std::size_t wanted = bytes_in(part);
    const Io io = below_->write_some(part, end_follows && wanted == out_.size());
    if (io.kind != Io::Kind::Bytes && io.kind != Io::Kind::Again) {
      write_error_ = io.code != 0 ? io.code : EPIPE;
      out_.clear();
      break;
    }
    out_.consume(io.bytes);
    if (io.bytes < wanted) break;
  }
  if (end_wanted_ && !end_sent_ && out_.empty()) {
    end_sent_ = true;
    below_->shutdown_write();
  }
  return write_error_ == 0;
}

// What is encrypted and not written yet counts as taken but for its last byte: an owner that has
// none left to write may destroy the transport.
Io TlsTransport::write_some(std::span<const iovec> bytes, bool end_follows) {
  if (state_ == State::Handshaking) return {Io::Kind::Again};
  if (state_ == State::Failed) return {Io::Kind::Error, EPROTO};
  const std::size_t total = bytes_in(bytes);
  WEIR_ASSERT(total > 0);
  std::size_t taken = 0;
  send_out(close_sent_);
  if (out_.empty() && std::exchange(last_byte_owed_, false)) taken = 1;
  while (write_error_ == 0 && out_.empty() && (taken < total || (end_follows && !close_sent_))) {
    const std::size_t part = std::min(total - taken, kMostSealed);
    if (!seal(bytes, taken, part)) {
      write_error_ = EPROTO;
      break;
    }
    taken += part;
    const bool all = end_follows && taken == total;
    if (all) close();
    send_out(all);
    if (out_.empty()) continue;
    last_byte_owed_ = true;
    --taken;
  }
  if (write_error_ != 0) return {Io::Kind::Error, write_error_};
  update_interest();
  return {taken > 0 ? Io::Kind::Bytes : Io::Kind::Again, 0, taken};
}

// Behind it nothing can be encrypted.
void TlsTransport::close() {
  if (close_sent_) return;
  close_sent_ = true;
  ERR_clear_error();
  SSL_shutdown(connection_.get());
}

void TlsTransport::shutdown_write() {
  if (state_ == State::Handshaking) {
    state_ = State::Failed;
    ongoing_.reset();
  }
  if (state_ == State::Open && write_error_ == 0) close();
  end_wanted_ = true;
  send_out(true);
  update_interest();
}

}  // namespace weir::tls
