#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/base/list.h"
#include "core/filter/reason.h"
#include "core/net/address.h"
#include "core/net/transport.h"
#include "core/upstream/endpoint_state.h"

namespace weir::upstream {

class Connecting;
class EndpointPool;
class HttpConnection;
class LocalCluster;

// One try at an endpoint: waits for a slot under the cluster's limits, picks an endpoint, and gets
// a connection to it from the pool or a new one. Lives where its owner likes; allocates nothing
// when a pooled connection is at hand. Worker thread.
class Attempt final : public ListNode<Attempt> {
 public:
  class Owner {
   public:
    // The answer to a begin() that returned Pending: once, on the loop, never inside a call of the
    // owner's. May destroy the attempt.
    virtual void on_connection(Attempt& attempt) = 0;
    // There is none: NoEndpoint, QueueFull, QueueTimeout, ConnectFailed, ConnectTimeout,
    // StarttlsRefused, Overload without a descriptor, or NoCluster when the cluster is gone.
    // endpoint() is still there; end() the attempt.
    virtual void on_no_connection(Attempt& attempt, filter::Reason why) = 0;

   protected:
    ~Owner() = default;
  };

  struct Options {
    // Endpoints to avoid while there are others.
    std::span<const EndpointState* const> tried = {};
    std::uint32_t random = 0;
    // For the PROXY header, where the cluster sends one; they outlive begin().
    const net::Address* client = nullptr;
    const net::Address* local = nullptr;
    bool may_queue = true;
    // False: pooled connections are looked at before one is used, since a request that goes out on
    // one that has closed is lost.
    bool replayable = true;
    // A new connection although pooled ones are there.
    bool fresh = false;
    // A connection as it is instead of one for HTTP: take_transport().
    bool raw = false;
    // Of a raw one: the endpoint has been sent the PROXY header and has agreed to TLS.
    bool starttls = false;
  };

  enum class Begun : std::uint8_t {
    Ready,    // connection() is there
    Pending,  // the owner will hear
    Failed    // failure() says why
  };

  explicit Attempt(Owner& owner) : owner_(owner) {}
  ~Attempt() { end(); }

  Begun begin(LocalCluster& cluster, const Options& options);
  // Gives up the slots, and whatever is under way: an exchange that is not complete closes its
  // connection. Idempotent; a new begin() may follow.
  void end();

  filter::Reason failure() const { return failure_; }
  // Null once the exchange on it is over, and for raw attempts.
  HttpConnection* connection() const { return connection_; }
  // Of a raw attempt that is ready, once. The connection counts until end().
  std::unique_ptr<net::Transport> take_transport();
  // Null before an endpoint was picked; valid until end().
  EndpointState* endpoint() const;
  // Whether the connection had served other exchanges before.
  bool reused() const { return reused_; }
  bool queued() const { return stage_ == Stage::Queued; }
  bool connecting() const { return stage_ == Stage::Connecting; }
  // How long it took, in microseconds; 0 when there was nothing to wait for.
  std::uint32_t queue_us() const { return queue_us_; }
  std::uint32_t connect_us() const { return connect_us_; }

 private:
  friend class EndpointPool;
  friend class HttpConnection;
  friend class LocalCluster;

  enum class Stage : std::uint8_t { Idle, Queued, Connecting, Ready };

  void connected(HttpConnection& connection, bool reused);
  void failed(filter::Reason why);

  Owner& owner_;
  LocalCluster* cluster_ = nullptr;
  EndpointPool* pool_ = nullptr;  // whose request slot is held
  HttpConnection* connection_ = nullptr;
  Connecting* connecting_ = nullptr;
  std::unique_ptr<net::Transport> transport_;
  Options options_;
  std::uint64_t queued_us_ = 0;  // when it began to wait, to connect
  std::uint64_t connecting_us_ = 0;
  std::uint64_t deadline_ms_ = 0;
  std::uint32_t queue_us_ = 0;
  std::uint32_t connect_us_ = 0;
  filter::Reason failure_ = filter::Reason::Ok;
  Stage stage_ = Stage::Idle;
  bool reused_ = false;
  bool holds_connection_slot_ = false;  // of a raw attempt
};

}  // namespace weir::upstream
