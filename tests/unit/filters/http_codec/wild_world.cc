#include "tests/unit/filters/http_codec/wild_world.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/check.h"
#include "core/filter/stream_pool.h"
#include "filters/network/http/http_codec.h"

namespace weir::test {

WildWorld::WildWorld(Choices& source) : choices(source), clock_(worker.loop().now()) {
  std::vector<route::Route> routes;
  for (const char* prefix : {"/a", "/b", "/c"}) {
    route::Route& route = routes.emplace_back();
    route.name = prefix;
    route.match.prefixes.push_back(prefix);
    route.action = route::Respond();
  }
  auto table = route::RouteTable::compile("wild", std::move(routes));
  WEIR_CHECK(table.has_value());
  routes_ = std::move(table.value());
  host_.listener = "front";
  host_.name = "main";
  host_.observer = this;
  below_http_.down = [this](filter::Downstream& downstream, Buffer&, bool) {
    return pass_on(downstream);
  };
  below_http_.up = [this](filter::Downstream& downstream, Buffer&, bool) {
    if (choices.one_in(4)) downstream.resume_filters();
    return choices.one_in(50) ? filter::Verdict::Finish : filter::Verdict::Continue;
  };
  publish();
}

WildWorld::~WildWorld() {
  for (auto& client : clients_) {
    if (client->over) continue;
    in_turn(worker.loop(), [&] { client->downstream->close(); });
    WEIR_CHECK(client->over);
  }
  WEIR_CHECK(worker.local<filter::StreamPool>().live() == 0);
  WEIR_CHECK(live_filters == 0 && filters.empty() && terminals.empty());
  WEIR_CHECK(joined == completed);
  WEIR_CHECK(worker.blocks().bytes_in_use() == 0);
  host_.snapshot.reset();
  snapshot_->retire();
  for (int i = 0; i < 10 && live_snapshots_ > 0; ++i) {
    worker.loop().run_once();
    control.loop().run_once();
  }
  WEIR_CHECK(live_snapshots_ == 0);
}

void WildWorld::publish() {
  auto made = std::make_unique<WildSnapshot>(live_snapshots_);
  filter::Chain& chain = made->chain;
  chain.name = "main";
  chain.terminal = filters::make_http_codec();
  chain.http = std::make_unique<filter::HttpChain>();
  filter::HttpChain& http = *chain.http;
  http.routes = routes_.get();
  http.terminal = std::make_unique<WildTerminalFactory>(*this);
  for (std::uint32_t i = choices.below(3); i > 0; --i) {
    chain.network_filters.push_back({"wild", std::make_unique<PlannedFactory>(below_http_)});
  }
  http.settings.max_requests = choices.one_in(4) ? 3 : 0;
  constexpr std::size_t kItems = 5;
  for (std::size_t i = 0; i < kItems; ++i) {
    // on_complete always, so that it can be counted.
    const auto hooks = static_cast<std::uint8_t>(
        choices.one_in(2) ? 0xff : (choices.below(256) | filter::kOnComplete));
    http.items.push_back({std::to_string(i), std::make_unique<WildFactory>(*this, hooks)});
  }
  const auto fill = [&](filter::FilterList& list) {
    for (std::uint32_t i = 0; i < kItems; ++i) {
      if (choices.below(3) != 0) list.entries.push_back({&http.items[i], i});
    }
  };
  fill(http.filters);
  for (int i = 0; i < 2; ++i) {
    http.by_route.push_back(std::make_unique<filter::FilterList>());
    fill(*http.by_route.back());
  }
  auto* next = event::Generation<WildSnapshot>::make(reactors_, std::move(made));
  host_.snapshot = event::AnyUse(*next, worker);
  host_.chain = &(*next)->chain;
  ++host_.snapshot_number;
  ++counts.snapshots;
  if (snapshot_ != nullptr) snapshot_->retire();
  snapshot_ = next;
}

filter::Verdict WildWorld::pass_on(filter::Downstream& downstream) {
  switch (choices.below(24)) {
    case 0:
      downstream.resume_filters();
      [[fallthrough]];
    case 1:
    case 2:
      return filter::Verdict::Pause;
    case 3:
      return choices.one_in(4) ? filter::Verdict::Finish : filter::Verdict::Continue;
    case 4:
      if (choices.one_in(4)) disturb();
      return choices.one_in(2) ? filter::Verdict::Pause : filter::Verdict::Continue;
    default:
      return filter::Verdict::Continue;
  }
}

WildWorld::Client* WildWorld::any_client() {
  return clients_.empty()
             ? nullptr
             : clients_[choices.below(static_cast<std::uint32_t>(clients_.size()))].get();
}

void WildWorld::connect() {
  if (clients_.size() >= 6) return;
  clients_.push_back(std::make_unique<Client>(worker.loop()));
  Client& client = *clients_.back();
  filter::ConnectionInfo info;
  info.peer = info.client = *net::Address::parse_ip("192.0.2.7", 4711);
  info.listener = host_.listener;
  client.downstream =
      std::make_unique<filter::Downstream>(worker, client.pipe.make_transport(), std::move(info),
                                           static_cast<filter::Downstream::Owner&>(*this));
  client.downstream->tag = &client;
  in_turn(worker.loop(), [&] { client.downstream->open({}, {}, 1'000); });
}

void WildWorld::write_request(std::string& out) {
  constexpr std::array<std::string_view, 5> kPaths = {"/a", "/b", "/c", "/none", "/a/../b"};
  const std::string_view path = kPaths[choices.below(kPaths.size())];
  const std::string_view version = choices.one_in(6) ? "HTTP/1.0" : "HTTP/1.1";
  const std::string target = std::string(path) + " " + std::string(version);
  constexpr std::string_view kFields = "\r\nhost: h\r\nuser-agent: wild\r\n";
  switch (choices.below(8)) {
    case 0:
    case 1:
      out += "GET " + target + std::string(kFields) + "\r\n";
      break;
    case 2:
      out += "HEAD " + target + std::string(kFields) + "\r\n";
      break;
    case 3: {
      std::size_t size = choices.below(200);
      if (choices.one_in(6)) size *= 1'000;
      out += "POST " + target + std::string(kFields) + "content-length: " + std::to_string(size) +
             "\r\n\r\n" + std::string(size, 'b');
      break;
    }
    case 4:
    case 5:
      out += "PUT " + std::string(path) + " HTTP/1.1" + std::string(kFields) +
             (choices.one_in(3) ? "expect: 100-continue\r\n" : "") +
             "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n" +
             (choices.one_in(2) ? "x-sum: 7\r\n" : "") + "\r\n";
      break;
    case 6:
      out += "GET " + std::string(path) + " HTTP/1.1" + std::string(kFields) +
             "connection: upgrade\r\nupgrade: websocket\r\n" +
             (choices.one_in(4) ? "content-length: 3\r\n\r\nabc" : "\r\n") + "tunnel bytes";
      break;
    default:
      if (choices.one_in(4)) out += "nonsense\n\n";
      if (choices.one_in(4))
        out += "PUT / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\nzz";
      break;
  }
}

void WildWorld::disturb() {
  Client* client = any_client();
  if (client == nullptr || client->over) return;
  switch (choices.below(6)) {
    case 0:
      client->pipe.send_fin();
      break;
    case 1:
      client->pipe.send_reset();
      break;
    case 2:
      client->downstream->close();
      break;
    case 3:
      client->downstream->connection().reset();
      break;
    case 4:
      client->downstream->drain(choices.one_in(2) ? filter::Drain::Now : filter::Drain::Soon);
      break;
    default:
      client->downstream->connection().close_when_flushed();
      break;
  }
}

void WildWorld::pass_time(std::uint64_t ms) {
  clock_ = std::max(clock_, worker.loop().now()) + ms;
  in_turn(worker.loop(), [&] { worker.loop().timers().advance(clock_); });
}

void WildWorld::step() {
  std::erase_if(clients_, [](const auto& client) { return client->over; });
  Client* client = any_client();
  switch (choices.below(24)) {
    case 0:
      publish();
      break;
    case 1:
      pass_time(choices.one_in(40) ? 20'000 : 1 + choices.below(10));
      break;
    case 2:
      control.loop().run_once();
      [[fallthrough]];
    case 3:
      worker.loop().run_once();
      break;
    case 4:
      if (filters.empty()) break;
      in_turn(worker.loop(), [&] {
        auto found = filters.lower_bound(filters.begin()->first + choices.below(8));
        if (found == filters.end()) found = filters.begin();
        found->second->late(choices.one_in(2));
      });
      break;
    case 5:
      if (choices.one_in(3)) in_turn(worker.loop(), [&] { disturb(); });
      break;
    case 6:
      host_.draining = choices.one_in(10);
      break;
    case 7:
      if (client == nullptr) break;
      client->pipe.take_at_most(choices.below(250) * 100);
      client->pipe.write_limit = choices.one_in(2) ? SIZE_MAX : 1 + choices.below(100);
      client->pipe.read_limit = choices.one_in(2) ? SIZE_MAX : 1 + choices.below(100);
      break;
    case 8:
      if (client == nullptr) break;
      client->pipe.take_all();
      in_turn(worker.loop(), [&] { client->downstream->resume_filters(); });
      break;
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
      if (terminals.empty()) break;
      in_turn(worker.loop(), [&] {
        terminals[choices.below(static_cast<std::uint32_t>(terminals.size()))]->step();
      });
      break;
    case 14:
      connect();
      break;
    default:
      if (client == nullptr) {
        connect();
        break;
      }
      if (client->outgoing.empty()) write_request(client->outgoing);
      const std::size_t part = std::min<std::size_t>(
          client->outgoing.size(), choices.one_in(2) ? SIZE_MAX : 1 + choices.below(60));
      client->pipe.send(std::string_view(client->outgoing).substr(0, part));
      client->outgoing.erase(0, part);
      for (int turns = 1 + static_cast<int>(choices.below(4)); turns > 0; --turns) {
        client->pipe.turn();
      }
      client->pipe.received.clear();
      break;
  }
}

}  // namespace weir::test
