#include "filters/network/tcp_proxy/tcp_proxy.h"

#include "core/upstream/starttls.h"
#include "tests/support/unit/pipe.h"
#include "tests/unit/filters/router/proxy.h"

namespace weir::test {
namespace {

class TcpProxy : public testing::Test {
 protected:
  void start(upstream::ClusterSpec spec, filters::TcpProxySettings settings = {}) {
    upstream::ClusterTable& table = world.adopt({std::move(spec)});
    settings.cluster = route::ToCluster{{{"db", 1, 0}}, 1};
    proxy.start_tcp(filters::make_tcp_proxy(std::move(settings), table));
  }
  void expect_quiet() {
    EXPECT_TRUE(world.until([&] { return proxy.open() == 0; }));
    world.settle();
    EXPECT_EQ(world.state().requests.load(), 0u);
    EXPECT_EQ(world.state().connections.load(), 0u);
  }

  World world;
  Origin origin{world};
  Proxy proxy{world};
};

TEST_F(TcpProxy, PassesBytesBothWays) {
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  client.send("question");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_until("question"), "question");
  peer.send("answer");
  EXPECT_EQ(client.read_until("answer"), "answer");
  EXPECT_EQ(world.state().connections.load(), 1u);
  client.close();
  EXPECT_EQ(peer.read_all(), "");
  peer.close();
  expect_quiet();
  const Proxy::Record& record = proxy.wait_for_record();
  EXPECT_EQ(record.attempts, "ok");
  EXPECT_EQ(record.cluster, "db");
  EXPECT_EQ(record.endpoint, origin.address().to_string());
  EXPECT_EQ(record.bytes_in, 8u);
  EXPECT_EQ(record.bytes_out, 6u);
  EXPECT_EQ(record.why, "ok");
}

TEST_F(TcpProxy, LetsTheOriginSpeakFirst) {
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  Peer peer = origin.accept();
  peer.send("220 ready\r\n");
  EXPECT_EQ(client.read_until("\r\n"), "220 ready\r\n");
}

TEST_F(TcpProxy, ClosesEachDirectionByItself) {
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  client.send("all of the question");
  client.shutdown();
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_all(), "all of the question");
  peer.send("the answer");
  peer.shutdown();
  EXPECT_EQ(client.read_all(), "the answer");
  expect_quiet();
}

TEST_F(TcpProxy, SendsEverythingAfterTheOriginHasEnded) {
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  Peer peer = origin.accept();
  peer.send("bye");
  peer.shutdown();
  EXPECT_EQ(client.read_all(), "bye");
  const std::string last(1 << 20, 'x');
  std::size_t sent = 0;
  std::string got;
  while (sent < last.size()) {
    sent += client.try_send(std::string_view(last).substr(sent));
    world.turn();
    got.resize(got.size() + peer.drain());
  }
  client.shutdown();
  EXPECT_EQ(got.size() + peer.read_all().size(), last.size());
  expect_quiet();
}

TEST_F(TcpProxy, TriesAnotherEndpoint) {
  Origin gone(world);
  gone.close();
  start(cluster_of({gone.endpoint(), origin.endpoint()}, "db"));
  for (int i = 0; i < 2; ++i) {
    Peer client = proxy.connect();
    Peer peer = origin.accept();
    peer.send("hello");
    client.read_until("hello");
    client.reset();
    ASSERT_TRUE(world.until([&] { return proxy.open() == 0; }));
  }
  EXPECT_EQ(proxy.records[0].attempts + "," + proxy.records[1].attempts, "connect_failed ok,ok");
}

TEST_F(TcpProxy, ClosesTheClientWhenNobodyCanBeReached) {
  origin.close();
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(proxy.wait_for_record().attempts, "connect_failed connect_failed connect_failed");
  EXPECT_EQ(proxy.wait_for_record().why, "connect_failed");
  expect_quiet();
}

TEST_F(TcpProxy, PassesAResetOn) {
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  Peer peer = origin.accept();
  peer.send("half an ans");
  client.read_until("half an ans");
  peer.reset();
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.was_reset());
  EXPECT_EQ(proxy.wait_for_record().why, "upstream_reset");
  expect_quiet();

  Peer second = proxy.connect();
  Peer other = origin.accept();
  second.send("x");
  other.read_until("x");
  second.reset();
  EXPECT_EQ(other.read_all(), "");
  EXPECT_TRUE(other.was_reset());
  EXPECT_EQ(proxy.wait_for_record(2).why, "client_reset");
  expect_quiet();
}

TEST_F(TcpProxy, EndsWhenNothingMoves) {
  filters::TcpProxySettings settings;
  settings.idle_timeout = std::chrono::milliseconds(20);
  start(cluster_of({origin.endpoint()}, "db"), std::move(settings));
  Peer client = proxy.connect();
  Peer peer = origin.accept();
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(peer.read_all(), "");
  EXPECT_EQ(proxy.wait_for_record().why, "idle_timeout");
  expect_quiet();
}

TEST_F(TcpProxy, SendsTheProxyHeaderFirst) {
  auto spec = cluster_of({origin.endpoint()}, "db");
  spec.proxy_protocol = upstream::ProxyProtocol::V1;
  start(spec);
  Peer client = proxy.connect();
  client.send("x");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_until("x"), "PROXY TCP4 10.1.1.1 10.2.2.2 1111 80\r\nx");
}

TEST_F(TcpProxy, HoldsBackWhatTheOtherSideDoesNotTake) {
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  Peer peer = origin.accept();
  world.settle();
  const std::string piece(64 * 1024, 'x');
  std::size_t sent = 0;
  std::size_t most = 0;
  for (int stalled = 0; stalled < 5;) {
    const std::size_t part = client.try_send(piece);
    sent += part;
    if (part == 0) ++stalled;
    world.settle();
    most = std::max(most, world.worker().blocks().bytes_in_use());
  }
  EXPECT_LT(most, 512u * 1024);
  std::size_t got = 0;
  ASSERT_TRUE(world.until([&] {
    got += peer.drain();
    return got == sent;
  }));
}

TEST_F(TcpProxy, WeighsWhatItHoldsAndSaysOverloadWhenItIsShed) {
  start(cluster_of({origin.endpoint()}, "db"));
  Peer client = proxy.connect();
  Peer peer = origin.accept();
  world.settle();
  EXPECT_EQ(proxy.downstream().memory(), 0u);
  const std::string piece(64 * 1024, 'x');
  for (int stalled = 0; stalled < 5;) {
    if (client.try_send(piece) == 0) ++stalled;
    world.settle();
  }
  EXPECT_GE(proxy.downstream().memory(), net::Connection::kHighOutput);
  in_turn(world.worker().loop(), [&] { proxy.downstream().shed(); });
  expect_quiet();
  EXPECT_EQ(world.worker().blocks().bytes_in_use(), 0u);
  EXPECT_EQ(proxy.wait_for_record().why, "overload");
  EXPECT_EQ(proxy.wait_for_record().by, "weir");
}

TEST_F(TcpProxy, WaitsForAConnectionSlot) {
  auto spec = cluster_of({origin.endpoint()}, "db");
  spec.limits.connections = 1;
  start(spec);
  Peer first = proxy.connect();
  Peer peer = origin.accept();
  Peer second = proxy.connect();
  second.send("patience");
  ASSERT_TRUE(world.until([&] { return world.state().waiting.load() == 1; }));
  first.close();
  peer.close();
  Peer next = origin.accept();
  EXPECT_EQ(next.read_until("patience"), "patience");
}

// A cluster whose endpoints are asked to go on in TLS.
upstream::ClusterSpec asked_for_tls(std::vector<upstream::EndpointSpec> endpoints) {
  upstream::ClusterSpec spec = cluster_of(std::move(endpoints), "db");
  spec.starttls = upstream::Starttls::Postgres;
  return spec;
}

const std::string kSslRequest(upstream::kPostgresSslRequest);
constexpr std::string_view kTlsBegin = "\x16\x03\x01 and more";

TEST_F(TcpProxy, AsksTheEndpointForTlsBeforeAClientThatBeginsIt) {
  start(asked_for_tls({origin.endpoint()}));
  Peer client = proxy.connect();
  world.settle();
  EXPECT_FALSE(origin.has_connection()) << "it is not known what the client wants";
  client.send(kTlsBegin);
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_until(kSslRequest), kSslRequest);
  world.settle();
  peer.send("S");
  EXPECT_EQ(peer.read_until(kTlsBegin), kTlsBegin);
  peer.send("answer");
  EXPECT_EQ(client.read_until("answer"), "answer");
  client.close();
  peer.close();
  expect_quiet();
  EXPECT_EQ(proxy.wait_for_record().attempts, "ok");
}

TEST_F(TcpProxy, AsksNothingForAClientInTheClear) {
  start(asked_for_tls({origin.endpoint()}));
  Peer client = proxy.connect();
  client.send("plain");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_until("plain"), "plain");
}

TEST_F(TcpProxy, ConnectsForAClientThatEndsWithoutAWord) {
  start(asked_for_tls({origin.endpoint()}));
  Peer client = proxy.connect();
  client.shutdown();
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_all(), "");
  peer.close();
  expect_quiet();
}

TEST_F(TcpProxy, SendsTheProxyHeaderBeforeItAsksForTls) {
  auto spec = asked_for_tls({origin.endpoint()});
  spec.proxy_protocol = upstream::ProxyProtocol::V1;
  start(spec);
  Peer client = proxy.connect();
  client.send(kTlsBegin);
  Peer peer = origin.accept();
  const std::string header = "PROXY TCP4 10.1.1.1 10.2.2.2 1111 80\r\n";
  EXPECT_EQ(peer.read_until(kSslRequest), header + kSslRequest);
  peer.send("S");
  EXPECT_EQ(peer.read_until(kTlsBegin), kTlsBegin);
}

TEST_F(TcpProxy, TriesAnotherEndpointThanOneWithoutTls) {
  Origin without(world);
  start(asked_for_tls({without.endpoint(), origin.endpoint()}));
  Peer client = proxy.connect();
  client.send(kTlsBegin);
  Peer refusing = without.accept();
  refusing.read_until(kSslRequest);
  refusing.send("N");
  Peer peer = origin.accept();
  peer.read_until(kSslRequest);
  peer.send("S");
  EXPECT_EQ(peer.read_until(kTlsBegin), kTlsBegin);
  client.reset();
  ASSERT_TRUE(world.until([&] { return proxy.open() == 0; }));
  EXPECT_EQ(proxy.wait_for_record().attempts, "starttls_refused ok");
}

TEST_F(TcpProxy, TakesNoOtherAnswerForAYes) {
  filters::TcpProxySettings settings;
  settings.connect_attempts = 1;
  start(asked_for_tls({origin.endpoint()}), std::move(settings));
  std::size_t records = 0;
  for (const char* answer : {"N", "E", "Sx", "SS", ""}) {
    Peer client = proxy.connect();
    client.send(kTlsBegin);
    Peer peer = origin.accept();
    peer.read_until(kSslRequest);
    peer.send(answer);
    peer.shutdown();
    EXPECT_EQ(client.read_all(), "") << answer;
    EXPECT_EQ(proxy.wait_for_record(++records).why, "starttls_refused") << answer;
  }
  expect_quiet();
}

TEST_F(TcpProxy, WaitsForTheAnswerNoLongerThanForAConnection) {
  filters::TcpProxySettings settings;
  settings.connect_attempts = 1;
  auto spec = asked_for_tls({origin.endpoint()});
  spec.connect_timeout = std::chrono::milliseconds(30);
  start(spec, std::move(settings));
  Peer client = proxy.connect();
  client.send(kTlsBegin);
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_all(), kSslRequest);
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(proxy.wait_for_record().why, "connect_timeout");
  expect_quiet();
}

}  // namespace
}  // namespace weir::test
