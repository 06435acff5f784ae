#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/event/generation.h"
#include "core/filter/chain_host.h"
#include "core/filter/downstream.h"
#include "core/route/route_table.h"
#include "tests/support/unit/pipe.h"
#include "tests/support/unit/planned_filter.h"
#include "tests/unit/filters/http_codec/lifecycle.h"
#include "tests/unit/filters/http_codec/wild_filter.h"
#include "tests/unit/filters/http_codec/wild_terminal.h"

namespace weir::test {

// What changes under the streams.
struct WildSnapshot {
  explicit WildSnapshot(std::size_t& count) : live(count) { ++live; }
  ~WildSnapshot() { --live; }
  filter::Chain chain;
  std::size_t& live;
};

// Clients in memory, a worker, a control thread's reactor, and Snapshots. Checks when it is
// destroyed that nothing is left over.
class WildWorld final : public filter::Downstream::Owner, private filter::ExchangeObserver {
 public:
  explicit WildWorld(Choices& choices);
  ~WildWorld();

  void step();

  struct Client {
    explicit Client(event::Loop& loop) : pipe(loop) {}
    Pipe pipe;
    std::unique_ptr<filter::Downstream> downstream;
    std::string outgoing;
    bool over = false;
  };

  Choices& choices;
  event::Reactor worker{0};
  event::Reactor control{1};
  LifecycleCounts counts;
  std::size_t live_filters = 0;
  std::size_t joined = 0;
  std::size_t completed = 0;
  int inside = 0;
  std::uint64_t next_id = 0;
  std::map<std::uint64_t, WildFilter*> filters;
  std::vector<WildTerminal*> terminals;

  // Something that happens to a connection, whoever's.
  void disturb();

 private:
  filter::ChainHost* choose_chain(const filter::ConnectionInfo&) override { return &host_; }
  void on_downstream_closed(filter::Downstream& downstream) override {
    auto& client = *static_cast<Client*>(downstream.tag);
    WEIR_CHECK(!client.over);
    client.over = true;
    worker.loop().retire(std::move(client.downstream));
  }
  void on_exchange(const filter::ExchangeRecord& record) override {
    ++counts.exchanges;
    // Every view of a record is readable.
    read_ += record.path.size() + std::string(record.user_agent).size() +
             std::string(record.path).size() + std::string(record.id).size();
  }

  void publish();
  filter::Verdict pass_on(filter::Downstream& downstream);
  Client* any_client();
  void connect();
  void write_request(std::string& out);
  void pass_time(std::uint64_t ms);

  event::Reactors reactors_{{&worker, &control}};
  std::unique_ptr<route::RouteTable> routes_;
  Plan below_http_;  // of the network filters
  filter::ChainHost host_;
  event::Generation<WildSnapshot>* snapshot_ = nullptr;
  std::size_t live_snapshots_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;
  std::uint64_t clock_;
  std::size_t read_ = 0;
};

}  // namespace weir::test
