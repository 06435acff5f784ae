#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/filter/chain_host.h"
#include "core/filter/downstream.h"
#include "core/filter/stream_pool.h"
#include "filters/network/http/http_codec.h"
#include "tests/support/unit/fake_upstream.h"
#include "tests/support/unit/keeping_observer.h"
#include "tests/support/unit/pipe.h"

namespace weir::test {

// A chain of the `http` codec and a fake upstream, and clients in memory that talk to it. Filters
// are added with chain.http->items and filters.entries before the first client. Everything must be
// gone when it is destroyed.
class HttpRig final : private filter::Downstream::Owner {
 public:
  class Client {
   public:
    explicit Client(event::Loop& loop) : pipe(loop) {}
    Pipe pipe;
    std::unique_ptr<filter::Downstream> downstream;
    bool over = false;

    // Sends, and lets everything happen that follows.
    void say(std::string_view bytes) {
      pipe.send(bytes);
      pipe.run();
    }
    // What came since the last call.
    std::string heard() { return std::exchange(pipe.received, {}); }
  };

  HttpRig() {
    chain.name = "main";
    chain.terminal = filters::make_http_codec();
    chain.http = std::make_unique<filter::HttpChain>();
    chain.http->terminal = upstream.make_factory();
    host.listener = "front";
    host.name = "main";
    host.chain = &chain;
    host.observer = &observer;
  }
  ~HttpRig() {
    for (auto& client : clients_) {
      if (client->over) continue;
      in_turn(loop(), [&] { client->downstream->close(); });
      EXPECT_TRUE(client->over);
    }
    EXPECT_EQ(reactor.local<filter::StreamPool>().live(), 0u);
    EXPECT_EQ(upstream.live, 0u);
    EXPECT_EQ(reactor.blocks().bytes_in_use(), 0u);
  }

  event::Loop& loop() { return reactor.loop(); }
  filter::HttpSettings& settings() { return chain.http->settings; }
  void trust(std::string_view block) {
    settings().trusted_proxies = net::CidrSet({*net::Cidr::parse(block)});
  }

  Client& connect(std::string_view peer = "192.0.2.7") {
    clients_.push_back(std::make_unique<Client>(loop()));
    Client& client = *clients_.back();
    filter::ConnectionInfo info;
    info.peer = info.client = *net::Address::parse_ip(peer, 4711);
    info.listener = host.listener;
    client.downstream =
        std::make_unique<filter::Downstream>(reactor, client.pipe.make_transport(), std::move(info),
                                             static_cast<filter::Downstream::Owner&>(*this));
    client.downstream->tag = &client;
    in_turn(loop(), [&] { client.downstream->open(accept, {}, 1'000); });
    return client;
  }
  // Rounds of the loop until `done`; a test that waits for ever fails.
  void wait_for(const std::function<bool()>& done) {
    for (int rounds = 0; !done() && rounds < 2'000; ++rounds) {
      event::Timer nudge(loop().timers(), nullptr, [](void*) {});
      nudge.arm(5);
      loop().run_once(true);
      for (auto& client : clients_) client->pipe.run();
    }
    EXPECT_TRUE(done());
  }

  event::Reactor reactor{0};
  FakeUpstream upstream;
  filter::Chain chain;
  filter::ChainHost host;
  KeepingObserver observer;
  std::vector<filter::AcceptFilterItem> accept;

 private:
  filter::ChainHost* choose_chain(const filter::ConnectionInfo&) override { return &host; }
  void on_downstream_closed(filter::Downstream& downstream) override {
    auto& client = *static_cast<Client*>(downstream.tag);
    EXPECT_FALSE(client.over);
    client.over = true;
    loop().retire(std::move(client.downstream));
  }

  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace weir::test
