#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/base/arena.h"
#include "core/event/reactor.h"
#include "core/event/timer.h"
#include "core/filter/connection_info.h"
#include "core/http/message.h"
#include "core/upstream/attempt.h"
#include "core/upstream/http_connection.h"
#include "core/upstream/local_cluster.h"

namespace weir::filters {

class Mirrors;

// A copy of a request that is sent to another cluster; the answer is dropped, and so is the copy
// when there is no slot for it. Owes nothing to the stream it was made from. Belongs to Mirrors.
class MirrorExchange final : public event::Deferred,
                             private upstream::Attempt::Owner,
                             private upstream::ResponseHandler {
 public:
  MirrorExchange(Mirrors& owner, event::Reactor& reactor, const http::Request& request,
                 const filter::ConnectionInfo& info, Buffer body);

  // Ends by Mirrors::remove(), sooner or later.
  void start(upstream::LocalCluster& cluster, std::uint64_t timeout_ms);
  std::size_t index = 0;  // in the list of its owner

 private:
  void on_connection(upstream::Attempt& attempt) override;
  void on_no_connection(upstream::Attempt&, filter::Reason) override { drop(); }

  http::Response& response() override { return response_; }
  http::HeaderMap& response_trailers() override { return trailers_; }
  void hold(const BlockRef& block) override { block_ = block; }
  void on_informational() override {}
  void on_response_head(bool end) override;
  void on_response_body(Buffer& data, bool end) override;
  void on_response_trailers() override { this->end(); }
  void on_request_drained() override {}
  void on_exchange_failed(const upstream::ExchangeFailure&) override { end(); }
  // What was not sent is counted.
  void drop();
  void end();

  Mirrors& owner_;
  Arena arena_;
  http::Request request_;
  http::Response response_;
  http::HeaderMap trailers_;
  net::Address client_;
  net::Address local_;
  Buffer body_;
  BlockRef block_;
  upstream::LocalCluster* cluster_ = nullptr;  // there as long as the attempt is
  upstream::Attempt attempt_;
  event::Timer timer_;
  bool ended_ = false;
};

// The mirrored requests of one reactor that are under way.
class Mirrors final : public event::ReactorLocal {
 public:
  // More than these at a time are not sent, nor more than the reactor lets, nor any under pressure.
  static constexpr std::size_t kMax = 1024;

  explicit Mirrors(event::Reactor& reactor) : reactor_(reactor) {}

  // Sends a copy of `request`, whose body is `body`.
  void send(upstream::LocalCluster& cluster, const http::Request& request,
            const filter::ConnectionInfo& info, Buffer body, std::uint64_t timeout_ms);
  void remove(MirrorExchange& exchange);

 private:
  event::Reactor& reactor_;
  std::vector<std::unique_ptr<MirrorExchange>> exchanges_;
};

}  // namespace weir::filters
