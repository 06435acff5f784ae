#pragma once

#include <cstdint>
#include <memory>

#include "core/base/buffer.h"
#include "core/event/loop.h"
#include "core/net/transport.h"

namespace weir::net {

// Why bytes are not read from a connection. Each reason has one owner; reading goes on when none
// is set.
enum PauseReason : std::uint8_t {
  kPausedByOutput = 1,   // the other side does not take what was read
  kPausedByFilter = 2,   // a filter holds the stream
  kPausedByStream = 4,   // a message is being answered, the next waits
  kPausedByConnect = 8,  // the other side is not there yet
  kPausedByMemory = 16,  // the process has no memory to read into
};

enum class CloseReason : std::uint8_t {
  Local,  // closed from here
  Reset,  // the peer or the network broke it
};

// Bytes to and from one peer: what came in and was not consumed, what is to go out, pause reasons
// and the close state; nothing of any protocol. Output that a turn gathers is written once, at its
// end. An idle connection holds no block. Belongs to one reactor.
class Connection final : private event::TurnEnd, private BlockWaiter, private Transport::Owner {
 public:
  class Owner {
   public:
    // More input came; consume from `input()` what can be used now. May close the connection.
    virtual void on_input() = 0;
    // The peer sends no more. Called once, when all input before it was announced.
    virtual void on_input_end() = 0;
    // The output is below kLowOutput again after output_full() was true.
    virtual void on_output_drained() = 0;
    // The connection is gone: the last call, once, and never inside a call of the owner's own.
    virtual void on_closed(CloseReason reason) = 0;

   protected:
    ~Owner() = default;
  };

  static constexpr std::size_t kHighOutput = 64 * 1024;
  static constexpr std::size_t kLowOutput = 16 * 1024;
  // How long a peer may take to close its side after the FIN of close_when_flushed().
  static constexpr std::uint64_t kLingerMs = 2'000;
  // How long the last output may wait for a peer that takes none of it.
  static constexpr std::uint64_t kStalledMs = 30'000;

  Connection(event::Loop& loop, BlockPool& blocks, std::unique_ptr<Transport> transport,
             Owner& owner);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Begins to read.
  void start();

  Buffer& input() { return input_; }
  bool input_ended() const { return input_ended_; }
  // Whether it is open and nothing came that was not announced yet: for who must know now. A system
  // call.
  bool quiet() { return state_ == State::Open && !hung_up_ && !announce_ && transport_->quiet(); }
  // The same as far as the loop has heard, which costs nothing.
  bool seems_quiet() {
    return state_ == State::Open && !announce_ && (!transport_->stirred() || quiet());
  }
  // Bytes appended here are written at the end of the turn.
  Buffer& output() {
    if (state_ != State::Closed) loop_.last_at_turn_end(*this);
    return output_;
  }
  std::size_t output_size() const { return output_.size(); }
  // Whoever produces output should wait for on_output_drained().
  bool output_full() {
    if (output_.size() < kHighOutput) return false;
    was_full_ = true;
    return true;
  }

  // Reading stops and goes on at the end of the turn; input that waits is announced then.
  void pause(PauseReason reason);
  void resume(PauseReason reason);
  std::uint8_t pause_reasons() const { return paused_; }
  // Announces input that is already there again, at the end of this turn: for who stopped
  // consuming and can go on.
  void announce_input();
  // Whether the owner keeps bytes that it took out of input() and wants announced like those in it.
  void set_input_kept(bool kept) { input_kept_ = kept; }

  // Sends FIN once the output is written.
  void shutdown_write();
  // Stops reading, writes the output as long as the peer takes any, sends FIN, and waits for the
  // peer's FIN up to kLingerMs while discarding input, so that the peer can read the last answer.
  // Idempotent.
  void close_when_flushed();
  // The same without the wait: for a peer that has nothing left to send.
  void close_when_written();
  // Closes now with a reset, so that what was sent cannot look complete. Idempotent.
  void reset();
  // Closes now; output that was not written is lost. Idempotent.
  void close() { close(CloseReason::Local); }
  bool closed() const { return state_ == State::Closed; }
  bool closing() const { return state_ != State::Open; }

  // Bytes of the blocks that wait here, in both directions. Looks at each slice.
  std::size_t memory() const { return input_.memory() + output_.memory(); }
  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t bytes_out() const { return bytes_out_; }
  // When a byte last moved, on the loop's clock.
  std::uint64_t last_activity() const { return last_activity_; }
  event::Loop& loop() { return loop_; }
  BlockPool& blocks() { return blocks_; }
  Transport& transport() { return *transport_; }

 private:
  enum class State : std::uint8_t { Open, Draining, Closed };

  void on_ready(unsigned events) override;
  void on_turn_end() override;
  void on_block() override { resume(kPausedByMemory); }
  void read();
  void discard();
  void flush();
  void break_output();
  void update_interest();
  void close(CloseReason reason);
  void linger_over();

  event::Loop& loop_;
  BlockPool& blocks_;
  std::unique_ptr<Transport> transport_;
  Owner& owner_;
  Buffer input_;
  Buffer output_;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::uint64_t last_activity_ = 0;
  std::unique_ptr<event::Timer> linger_;
  State state_ = State::Open;
  CloseReason close_reason_ = CloseReason::Local;
  std::uint8_t paused_ = 0;
  bool started_ = false;
  bool input_ended_ = false;
  bool input_kept_ = false;
  bool hung_up_ = false;
  bool blocked_ = false;
  bool was_full_ = false;
  bool output_broken_ = false;
  bool announce_ = false;
  bool fin_wanted_ = false;
  bool fin_sent_ = false;
  bool linger_wanted_ = false;
  bool reads_large_ = false;
  bool reported_ = false;
};

}  // namespace weir::net
