#pragma once

#include <cstddef>
#include <span>

#include <sys/uio.h>

#include "core/event/poll.h"

namespace weir::net {

// What a read or write came to.
struct Io {
  enum class Kind : unsigned char {
    Bytes,  // `bytes` were moved, at least one
    Again,  // nothing now: wait until it is ready
    End,    // of a read: the peer sends no more
    Error   // the connection is broken; `code` is the errno
  };
  Kind kind;
  int code = 0;
  std::size_t bytes = 0;
};

// A byte stream over a socket or over another transport, shaped by readiness: it never buffers
// more than its protocol needs. One thread.
class Transport {
 public:
  class Owner {
   public:
    // A set of event::Events. May destroy the transport.
    virtual void on_ready(unsigned events) = 0;

   protected:
    ~Owner() = default;
  };

  virtual ~Transport() = default;

  // Who hears of readiness; set before the first want().
  virtual void set_owner(Owner& owner) = 0;
  virtual Io read_some(std::span<const iovec> space) = 0;
  // `end_follows`: when all of it is taken, shutdown_write() or the end of the transport is the
  // next call; the end may then travel together with the bytes.
  virtual Io write_some(std::span<const iovec> bytes, bool end_follows) = 0;
  // A set of event::Events.
  virtual void want(unsigned events) = 0;
  virtual void shutdown_write() = 0;
  // Whether nothing came, neither bytes nor the end, that was not read yet. Asks the system.
  virtual bool quiet() = 0;
  // Whether the loop has heard of such; it may hear late, and of what has been read since.
  virtual bool stirred() const = 0;
  virtual int raw_fd() const = 0;
};

}  // namespace weir::net
