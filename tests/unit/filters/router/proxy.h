#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/filter/downstream.h"
#include "core/net/socket_transport.h"
#include "filters/http/router/router.h"
#include "filters/network/http/http_codec.h"
#include "tests/unit/core/upstream/world.h"

namespace weir::test {

// One worker with a chain of `http` and `router`; the test plays the clients and the origins.
class Proxy final : private filter::Downstream::Owner, private filter::ExchangeObserver {
 public:
  explicit Proxy(World& world) : world_(world) { host_.observer = this; }
  ~Proxy() { close(); }

  // The clusters are named c0, c1, …, as the routes' indexes say.
  void start(std::vector<upstream::ClusterSpec> clusters, std::vector<route::Route> routes) {
    upstream::ClusterTable& table = world_.adopt(std::move(clusters));
    auto compiled = route::RouteTable::compile("test", std::move(routes));
    ASSERT_TRUE(compiled) << compiled.error().message;
    routes_ = std::move(*compiled);
    chain_.http = std::make_unique<filter::HttpChain>();
    chain_.http->routes = routes_.get();
    chain_.http->terminal = filters::make_router(table);
    chain_.http->settings.request_id = false;
    chain_.http->settings.forwarded_headers = false;
    chain_.http->settings.local_replies.reason = filter::LocalReplies::ReasonHeader::All;
    chain_.terminal = filters::make_http_codec();
    host_.chain = &chain_;
  }
  void start_tcp(std::unique_ptr<filter::NetworkTerminalFactory> terminal) {
    chain_.terminal = std::move(terminal);
    host_.chain = &chain_;
  }
  Peer connect() {
    net::Address address = *net::Address::parse("127.0.0.1:0");
    auto sockets = net::listen_on(address, {});
    net::Descriptor client = std::move(*net::start_connect(address));
    int accepted = -1;
    EXPECT_TRUE(world_.until([&] {
      accepted = accept4(sockets->front().get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      return accepted >= 0;
    }));
    event::Reactor& reactor = world_.worker();
    filter::ConnectionInfo info;
    info.peer = info.client = *net::Address::parse("10.1.1.1:1111");
    info.local = *net::Address::parse("10.2.2.2:80");
    info.listener = "test";
    filter::Downstream::Owner& owner = *this;
    connections_.push_back(std::make_unique<filter::Downstream>(
        reactor, std::make_unique<net::SocketTransport>(reactor.loop(), net::Descriptor(accepted)),
        std::move(info), owner));
    connections_.back()->open({}, {}, 1000);
    return Peer(world_, std::move(client));
  }
  void close() {
    for (const auto& connection : connections_) connection->close();
    world_.until([this] { return connections_.empty(); });
  }
  std::size_t open() const { return connections_.size(); }
  // The last that connected.
  filter::Downstream& downstream() { return *connections_.back(); }

  // Exchanges leave no records any more.
  void stop_observing() { host_.observer = nullptr; }

  // What the log would say of each exchange, oldest first.
  struct Record {
    std::uint16_t status;
    std::string why;
    std::string by;
    std::string phase;
    std::string cluster;
    std::string endpoint;
    std::string path;
    std::string attempts;  // their results, separated by spaces
    std::uint64_t bytes_in;
    std::uint64_t bytes_out;
  };
  std::vector<Record> records;
  const Record& wait_for_record(std::size_t number = 1) {
    EXPECT_TRUE(world_.until([&] { return records.size() >= number; }));
    static const Record kNone{};
    return records.size() < number ? kNone : records[number - 1];
  }

 private:
  filter::ChainHost* choose_chain(const filter::ConnectionInfo&) override { return &host_; }
  void on_downstream_closed(filter::Downstream& downstream) override {
    for (auto& connection : connections_) {
      if (connection.get() != &downstream) continue;
      world_.worker().loop().retire(std::move(connection));
      std::swap(connection, connections_.back());
      connections_.pop_back();
      return;
    }
  }
  void on_exchange(const filter::ExchangeRecord& record) override {
    Record copy{record.status,
                std::string(to_string(record.why)),
                std::string(to_string(record.ended_by)),
                std::string(to_string(record.phase)),
                std::string(record.cluster),
                std::string(record.endpoint),
                std::string(record.path),
                {},
                record.bytes_in,
                record.bytes_out};
    for (std::uint32_t i = 0; i < record.attempt_count; ++i) {
      if (i > 0) copy.attempts += ' ';
      copy.attempts += record.attempts[i].result;
    }
    records.push_back(std::move(copy));
  }

  World& world_;
  std::unique_ptr<route::RouteTable> routes_;
  filter::Chain chain_;
  filter::ChainHost host_;
  std::vector<std::unique_ptr<filter::Downstream>> connections_;
};

}  // namespace weir::test
