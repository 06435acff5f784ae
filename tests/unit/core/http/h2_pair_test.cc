#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h2_peer.h"
#include "tests/unit/core/http/h2_wire.h"

// Two codecs that do what they may, in any order, with bytes under way for any time.
namespace weir::http {
namespace {

using h2::Exchange;
using h2::Peer;

class Pair {
 public:
  explicit Pair(std::uint32_t seed) : random_(seed), server_(H2Codec::Side::Server, small()) {
    server_.greedy = client_.greedy = false;
    server_.at_stream = [this](Exchange& seen) {
      seen.at_bad_message = [this](const ParseError& error) { bad_ += error.why; };
    };
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    // Everything arrives, and what is complete was told as it was sent.
    for (int i = 0; i < 200; ++i) {
      consume_all(server_);
      consume_all(client_);
      move(client_, to_server_, server_, SIZE_MAX);
      move(server_, to_client_, client_, SIZE_MAX);
    }
    EXPECT_EQ(client_.why, "");
    EXPECT_EQ(server_.why, "");
    EXPECT_EQ(bad_, "");
    for (const auto& [id, asked] : client_.exchanges) {
      const auto seen = server_.exchanges.find(id);
      if (seen == server_.exchanges.end()) continue;
      expect_prefix(seen->second->body, sent_[{true, id}], seen->second->log);
      expect_prefix(asked->body, sent_[{false, id}], asked->log);
    }
  }

 private:
  static H2Settings small() {
    H2Settings settings;
    settings.max_streams = 5;
    settings.stream_window = 3000;
    settings.connection_window = 65535;
    settings.stream_output = 2000;
    return settings;
  }

  static void expect_prefix(const std::string& got, const std::string& sent,
                            const std::string& log) {
    const bool complete = log.find("\nend\n") != std::string::npos || log.ends_with("trailers\n");
    const bool right = complete ? got == sent : sent.starts_with(got);
    EXPECT_TRUE(right) << got.size() << " of " << sent.size() << " bytes\n" << log;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

  // Moves what `from` writes into the pipe, and some of the pipe to `to`.
  void move(Peer& from, std::string& pipe, Peer& to, std::size_t most) {
    if (below(3) != 0) pipe += from.write(1 + below(5000));
    const std::size_t size = std::min(pipe.size(), most == SIZE_MAX ? most : below(most));
    to.now += 5;
    to.feed(pipe.substr(0, size), 1 + below(3000));
    pipe.erase(0, size);
  }

  void consume_all(Peer& peer) {
    for (auto& [id, exchange] : peer.exchanges) {
      std::size_t& consumed = consumed_[{&peer, id}];
      const std::size_t more = exchange->body.size() - consumed;
      consumed += more;
      if (exchange->stream != nullptr) peer.codec.consume(*exchange->stream, more);
    }
  }

  void open() {
    if (!client_.codec.can_open()) return;
    Arena arena;
    Request request(arena);
    request.method = Method::Post;
    request.method_name = "POST";
    request.scheme = "http";
    request.authority = "a";
    request.path = "/";
    const bool end = below(3) == 0;
    const Exchange& asked = client_.open(request, end);
    if (end) ended_.insert({true, asked.stream->id()});
  }

  // Does something with one of the streams that are still held.
  void act(Peer& peer, bool is_client) {
    std::vector<Exchange*> held;
    for (auto& [id, exchange] : peer.exchanges) {
      if (exchange->stream != nullptr) held.push_back(exchange.get());
    }
    if (held.empty()) return;
    Exchange& exchange = *held[below(held.size())];
    const std::int32_t id = exchange.stream->id();
    const bool has_head = is_client || headed_.contains(id);
    if (!has_head && exchange.log.starts_with("head")) {
      headed_.insert(id);
      return peer.respond(exchange, 200, false);
    }
    switch (below(8)) {
      case 0:
        return peer.let_go(exchange, H2Error::None);
      case 1:
        return peer.codec.reset(*std::exchange(exchange.stream, nullptr), H2Error::Cancel);
      case 2:
        if (has_head && !ended_.contains({is_client, id})) {
          ended_.insert({is_client, id});
          exchange.trailers.forget();
          HeaderMap trailers(exchange.arena);
          trailers.add("x", "y");
          peer.codec.send_trailers(*exchange.stream, trailers);
        }
        return;
      default:
        if (has_head && !ended_.contains({is_client, id})) {
          const std::string text(below(6000), static_cast<char>('a' + below(26)));
          const bool end = below(4) == 0;
          if (end) ended_.insert({is_client, id});
          sent_[{is_client, id}] += text;
          peer.send(exchange, text, end);
        }
    }
  }

  void step() {
    switch (below(12)) {
      case 0:
      case 1:
        return open();
      case 2:
      case 3:
      case 4:
        return act(client_, true);
      case 5:
      case 6:
        return act(server_, false);
      case 7:
        return consume_all(server_);
      case 8:
        return consume_all(client_);
      case 9:
        if (below(300) == 0) server_.codec.drain();
        if (below(20) == 0) client_.codec.ping();
        return;
      case 10:
        return move(client_, to_server_, server_, 9000);
      default:
        return move(server_, to_client_, client_, 9000);
    }
  }

  std::mt19937 random_;
  std::string bad_;
  std::string to_server_;
  std::string to_client_;
  std::map<std::pair<bool, std::int32_t>, std::string> sent_;
  std::set<std::pair<bool, std::int32_t>> ended_;
  std::set<std::int32_t> headed_;
  std::map<std::pair<const Peer*, std::int32_t>, std::size_t> consumed_;
  Peer server_;
  Peer client_{H2Codec::Side::Client, small()};
};

TEST(H2Pair, NeverFailsWhenBothKeepTheRules) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    Pair pair(seed);
    pair.run(2000);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace weir::http
