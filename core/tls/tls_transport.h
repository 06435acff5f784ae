#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/buffer.h"
#include "core/event/loop.h"
#include "core/net/transport.h"
#include "core/tls/handshake.h"
#include "core/tls/ssl_ptr.h"

namespace weir::tls {

// TLS over another transport, either side. The handshake begins with the first want() and runs by
// itself; until the listener was told of success, reads and writes come to Again.
//
// The peer's close_notify is the End. A connection that ends without one is an Error with
// ECONNABORTED, so that a message that was cut off cannot look complete; what is no TLS, and an
// alert, is one with EPROTO. shutdown_write() sends close_notify and then the end below; the other
// direction goes on (RFC 8446 6.1). Whoever destroys a transport that was not shut down says
// nothing to the peer. Bytes that a write did not take must be the first of the next.
//
// Bytes that are decrypted already, or are here to be decrypted, are reported in the turn of each
// want() that asks for them. Between messages no block is held.
class TlsTransport final : public net::Transport,
                           private net::Transport::Owner,
                           private event::TurnEnd {
 public:
  // `connection` comes from a context; `already_read` are bytes of the peer's that somebody has
  // taken out of `below`. The listener lives until it was told, or the transport is gone.
  TlsTransport(event::Loop& loop, BlockPool& blocks, std::unique_ptr<net::Transport> below,
               SslPtr connection, std::uint64_t handshake_timeout_ms, HandshakeListener& listener,
               Buffer already_read = {});
  ~TlsTransport() override;

  void set_owner(net::Transport::Owner& owner) override { owner_ = &owner; }
  net::Io read_some(std::span<const iovec> space) override;
  net::Io write_some(std::span<const iovec> bytes, bool end_follows) override;
  void want(unsigned events) override;
  void shutdown_write() override;
  bool quiet() override;
  bool stirred() const override { return input_waits() || below_->stirred(); }
  int raw_fd() const override { return below_->raw_fd(); }

  // For a word in clear to whoever spoke HTTP: nothing has been written there then.
  net::Transport& below() { return *below_; }

 private:
  enum class State : std::uint8_t { Handshaking, Open, Failed };
  struct Ongoing;
  struct Bio;

  void on_ready(unsigned events) override;
  void on_turn_end() override;

  void advance();
  void complete();
  void fail(HandshakeFailure failure);
  void time_out();

  bool input_waits() const;
  int give_input(char* space, int size);
  net::Io read_below();
  std::size_t decrypt_into(const iovec& space);
  void note_end_of_input(int result);
  net::Io drop_input();

  bool seal(std::span<const iovec> bytes, std::size_t from, std::size_t size);
  std::size_t record_limit();
  void close();
  bool send_out(bool end_follows);
  void update_interest();

  event::Loop& loop_;
  BlockPool& blocks_;
  net::Transport::Owner* owner_ = nullptr;
  std::unique_ptr<net::Transport> below_;
  SslPtr connection_;
  std::unique_ptr<Ongoing> ongoing_;  // until the listener was told
  Buffer in_;                         // read below, not decrypted
  Buffer out_;                        // encrypted, not written below
  std::uint64_t last_write_ = 0;      // on the loop's clock
  std::size_t written_in_a_row_ = 0;  // bytes since the last pause
  int read_error_ = 0;
  int write_error_ = 0;
  State state_ = State::Handshaking;
  std::uint8_t wanted_ = 0;
  bool below_ended_ = false;
  bool may_read_below_ = false;
  bool reads_large_ = false;
  bool input_ended_ = false;
  bool last_byte_owed_ = false;  // it is encrypted, and the owner was not told that it is taken
  bool close_sent_ = false;
  bool end_wanted_ = false;
  bool end_sent_ = false;
};

}  // namespace weir::tls
