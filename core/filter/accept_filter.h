#pragma once

#include <memory>

#include "core/event/reactor.h"
#include "core/filter/connection_info.h"
#include "core/filter/verdict.h"
#include "core/net/connection.h"

namespace weir::filter {

// One filter on one new connection, before a chain is chosen. Worker thread.
class AcceptFilter {
 public:
  virtual ~AcceptFilter() = default;

  // Continue lets the connection go on, Finish refuses it, Pause waits for bytes.
  virtual Verdict on_accept(ConnectionInfo& info) = 0;
  // After Pause: its input has all bytes that came and were not consumed; what the filter answers
  // goes into its output. Pause again waits for more, up to peek_timeout.
  virtual Verdict on_peek(ConnectionInfo&, net::Connection&) { return Verdict::Continue; }
};

// Immutable; used by all workers, so what it counts over all of them is atomic. A filter lives as
// long as its connection.
class AcceptFilterFactory {
 public:
  virtual ~AcceptFilterFactory() = default;
  // A filter, or null when `info` is let pass without one.
  virtual std::unique_ptr<AcceptFilter> create(event::Reactor& reactor,
                                               const ConnectionInfo& info) const = 0;
  // Whether it closes every connection of that client: the settings alone decide that. For
  // explanations.
  virtual bool refuses(const net::Address& /*client*/) const { return false; }
};

}  // namespace weir::filter
