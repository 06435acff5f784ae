#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/list.h"
#include "core/event/generation.h"
#include "core/event/timer.h"
#include "core/upstream/endpoint_state.h"
#include "core/upstream/http_connection.h"
#include "core/upstream/starttls.h"

namespace weir::upstream {

class Attempt;
class Connecting;
class LocalCluster;

// One worker's connections to one endpoint. Idle ones are used again last in, first out, so that
// those that are not needed time out. Destroyed when its endpoint is gone and nothing is left.
class EndpointPool final : public event::Deferred {
 public:
  EndpointPool(LocalCluster& cluster, EndpointState& endpoint);
  ~EndpointPool() override;

  LocalCluster& cluster() { return cluster_; }
  EndpointState& endpoint() { return *endpoint_; }
  bool has_idle() const { return idle_count_ > 0; }

  // An idle connection that may serve `attempt`, or null. It stays idle. Looks at one after the
  // other when the cluster sends PROXY headers. Closes those that are of no use to anybody.
  HttpConnection* find_idle(const Attempt& attempt);
  // The idle connection `connection` serves `attempt` from here on.
  void lease(HttpConnection& connection, Attempt& attempt);
  // Begins to connect for `attempt`, whose connection slot it takes over. When that failed at once
  // it says why, and the slot is free again: Overload without a descriptor, else ConnectFailed.
  filter::Reason connect(Attempt& attempt);
  // Closes the connection that was idle for longest, if there is one.
  bool close_oldest_idle();
  // The endpoint left, or connections are to be made in another way now: idle ones close.
  void close_idle();
  // As the timeout of the cluster has it now.
  void close_idle_for_too_long();

  // --- for what it owns ------------------------------------------------------------------------
  // The exchange is over and the connection can serve another one.
  void put_back(HttpConnection& connection);
  // A connection closed, by whatever cause; it is destroyed at the end of the turn.
  void on_closed(HttpConnection& connection);
  void on_connected(Connecting& connecting, std::unique_ptr<net::Transport> transport);
  // `text` is for the operational log.
  void on_connect_failed(Connecting& connecting, filter::Reason why, std::string_view text);
  // The attempt for which it was connecting wants the connection no more.
  void abandon(Connecting& connecting);
  void add_use() { ++uses_; }
  void drop_use();
  // Not to be used any more.
  bool draining() const;
  void end_if_empty();

 private:
  bool fits(const HttpConnection& connection, const Attempt& attempt) const;
  void add_idle(HttpConnection& connection);
  void remove_idle(HttpConnection& connection);
  std::unique_ptr<StarttlsRequest> starttls_for(const Attempt& attempt);
  void retire(Connecting& connecting);

  LocalCluster& cluster_;
  event::Use<EndpointState> endpoint_;
  std::vector<std::unique_ptr<HttpConnection>> connections_;
  std::vector<std::unique_ptr<Connecting>> connectings_;
  List<HttpConnection> idle_;  // the most recently used first
  std::uint32_t idle_count_ = 0;
  std::uint32_t uses_ = 0;  // attempts with a slot here
  event::Timer idle_timer_;
};

}  // namespace weir::upstream
