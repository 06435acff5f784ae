#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/event/reactor.h"
#include "core/filter/chain_host.h"
#include "core/filter/connection_info.h"
#include "core/filter/network_filter.h"
#include "core/net/connection.h"
#include "core/tls/client_hello_peek.h"

namespace weir::filter {

struct AcceptFilterItem {
  std::string name;
  std::unique_ptr<AcceptFilterFactory> factory;
};

// One client's connection: first the accept filters of its listener, then the chain that was
// chosen for it. Owned by its worker, which destroys it (by Loop::retire) after
// on_downstream_closed(). Worker thread.
class Downstream final : public event::Deferred, private net::Connection::Owner {
 public:
  class Owner {
   public:
    // Whether the choice of its chain waits for the ClientHello.
    virtual bool waits_for_hello(const ConnectionInfo& /*info*/) { return false; }
    // The chain for a connection whose accept filters let it pass; null closes it.
    virtual ChainHost* choose_chain(const ConnectionInfo& info) = 0;
    // Once, the last call.
    virtual void on_downstream_closed(Downstream& downstream) = 0;

   protected:
    ~Owner() = default;
  };

  Downstream(event::Reactor& reactor, std::unique_ptr<net::Transport> transport,
             ConnectionInfo info, Owner& owner);
  ~Downstream() override;

  // Runs the accept filters, chooses the chain and opens it. `peek_timeout_ms` bounds the wait for
  // bytes of the accept filters, which closes the connection, and then of the choice, which goes on
  // without a ClientHello. One that is malformed closes the connection.
  // `accept` belongs to `snapshot`, which is let go when the chain is chosen.
  void open(std::span<const AcceptFilterItem> accept, event::AnyUse snapshot,
            std::uint64_t peek_timeout_ms);
  // Asks the chain to finish what is under way and to close then. Asking again is heard when it is
  // more urgent.
  void drain(Drain drain);
  // Closes at once.
  void close();
  // The same with a reset: what is under way must not look complete.
  void cut() { connection_.reset(); }
  // The same to be rid of what it holds: load is shed.
  void shed();
  bool shed_load() const { return shed_; }
  bool close_if_idle() { return !closed() && terminal_ != nullptr && terminal_->close_if_idle(); }
  // Bytes that it holds, about. Looks at each slice.
  std::size_t memory() const;
  // Why bytes for the client are not read, as net::PauseReason.
  std::uint8_t response_pauses() const {
    return terminal_ == nullptr ? std::uint8_t{0} : terminal_->response_pauses();
  }

  // --- for filters and the terminal ------------------------------------------------------------
  event::Reactor& reactor() { return reactor_; }
  const ConnectionInfo& info() const { return info_; }
  ChainHost& host() { return *host_; }
  net::Connection& connection() { return connection_; }
  bool draining() const { return drain_.has_value(); }
  bool closed() const { return connection_.closed(); }

  // What the terminal has left of the bytes that it was shown.
  Buffer& input() { return held_ == nullptr ? connection_.input() : held_->passed; }
  // Whether nothing has come from the client that is not consumed: for who must know now. A system
  // call.
  bool quiet() { return input().empty() && !filters_hold() && connection_.quiet(); }

  // Where the terminal puts bytes for the client; call output_ready() behind that. Passes the
  // network filters in reverse at the end of the turn.
  Buffer& output() { return held_ == nullptr ? connection_.output() : held_->staged; }
  void output_ready() {
    if (held_ != nullptr) filter_output(false);
  }
  // No more output comes: FIN once it is written.
  void end_output();
  bool output_full() { return connection_.output_full(); }
  // Ends a Pause of a network filter. The terminal sees what was held at the end of the turn.
  void resume_filters();
  // A filter closes the connection.
  void finish() { connection_.close_when_flushed(); }

  std::uint64_t opened_ms() const { return opened_ms_; }
  SlotId id;            // for the worker
  void* tag = nullptr;  // the worker's listener

 private:
  void on_input() override;
  void on_input_end() override;
  void on_output_drained() override;
  void on_closed(net::CloseReason reason) override;

  void run_accept_filters();
  void look_for_hello();
  void filter_output(bool end);
  void open_chain();
  // Runs the filters from the one at `position` on over the bytes, then shows what they passed.
  void filter_input(std::size_t position, Buffer& data, bool end);
  // What came and what the terminal left, with network filters.
  void take_input(bool end);
  void show_passed();
  bool filters_hold() const { return held_ != nullptr && (held_->at != SIZE_MAX || held_->end); }
  void peek_timed_out();

  struct Joined {
    std::unique_ptr<NetworkFilter> filter;
    std::string_view name;
  };
  // What is only needed until a chain is chosen, while the accept filters run or bytes are awaited.
  struct Accepting {
    std::span<const AcceptFilterItem> items;
    event::AnyUse snapshot;
    std::size_t next = 0;
    bool peeking = false;
    std::uint64_t peek_timeout_ms;
    event::Timer timer;
    std::unique_ptr<tls::ClientHelloPeek> hello;  // when the choice waits for it
  };
  // What is only needed with network filters.
  struct Held {
    Buffer staged;  // from the terminal, on its way to the client
    Buffer piece;   // held by the filter at `at`
    Buffer passed;  // left the filters, not yet consumed by the terminal
    std::size_t at = SIZE_MAX;
    bool end = false;      // follows the piece, or else what passed
    bool resumed = false;  // inside the hook, ahead of its Pause
  };

  event::Reactor& reactor_;
  Owner& owner_;
  ConnectionInfo info_;
  net::Connection connection_;
  std::vector<std::unique_ptr<AcceptFilter>> accept_filters_;
  std::vector<Joined> filters_;
  std::unique_ptr<NetworkTerminal> terminal_;
  ChainHost* host_ = nullptr;
  std::unique_ptr<Accepting> accepting_;
  std::unique_ptr<Held> held_;
  std::uint64_t opened_ms_;
  std::optional<Drain> drain_;
  bool shed_ = false;
};

}  // namespace weir::filter
