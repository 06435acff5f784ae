#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/buffer.h"
#include "core/filter/verdict.h"
#include "core/net/connection.h"

namespace weir::filter {

class Downstream;

// One filter on the bytes of one connection, before its terminal filter. Worker thread. Destroyed
// with the connection, never inside a hook.
class NetworkFilter {
 public:
  virtual ~NetworkFilter() = default;

  // May not pause.
  virtual Verdict on_open(Downstream&) { return Verdict::Continue; }
  // Bytes towards upstream, which may be changed in place. Pause holds them until
  // Downstream::resume_filters(), which may come before the hook returns. How long is up to the
  // terminal: its timeouts go on.
  virtual Verdict on_downstream_data(Downstream&, Buffer&, bool /*end*/) {
    return Verdict::Continue;
  }
  // Bytes towards the client. May not pause.
  virtual Verdict on_upstream_data(Downstream&, Buffer&, bool /*end*/) { return Verdict::Continue; }
  virtual void on_close(Downstream&) {}
};

class NetworkFilterFactory {
 public:
  virtual ~NetworkFilterFactory() = default;
  // A filter, or null: this connection does without. Worker thread.
  virtual std::unique_ptr<NetworkFilter> join(Downstream& downstream) const = 0;
};

// How much connections are to hurry with their end; more than one may follow another, each more
// urgent.
enum class Drain : std::uint8_t {
  Soon,  // their chain or listener is no longer in the configuration
  Now,   // Weir is ending
  Over,  // drain_timeout has passed
};

// The end of a chain on one connection: turns bytes into streams, or passes them on. Worker
// thread.
class NetworkTerminal {
 public:
  virtual ~NetworkTerminal() = default;

  virtual void on_open() = 0;
  // `data` is all that was not consumed so far, Downstream::input(); what cannot be used yet is
  // left in it and shown again together with what comes, or when the last pause reason of the
  // connection ends.
  virtual void on_data(Buffer& data) = 0;
  virtual void on_data_end() = 0;
  // Output is taken again after Downstream::output_full() was true.
  virtual void on_output_drained() = 0;
  // The connection should end: finish what is under way. With Drain::Soon, one that idles may wait
  // for what its client is about to send, up to drain_timeout. With Drain::Over there is time to
  // tell a client that its request goes unanswered, and for no more: close at once without that.
  virtual void on_drain(Drain drain) = 0;
  // Begins to close when nothing is under way and nothing has arrived; returns whether it does.
  virtual bool close_if_idle() { return false; }
  // Bytes that it holds, but for what waits in the connection of the client: about, to tell the
  // heavy from the light.
  virtual std::size_t memory() const { return 0; }
  // Why bytes for the client are not read, as net::PauseReason.
  virtual std::uint8_t response_pauses() const { return 0; }
  // The connection is gone; the last call.
  virtual void on_close(net::CloseReason reason) = 0;
};

class NetworkTerminalFactory {
 public:
  virtual ~NetworkTerminalFactory() = default;
  virtual std::unique_ptr<NetworkTerminal> create(Downstream& downstream) const = 0;
};

}  // namespace weir::filter
