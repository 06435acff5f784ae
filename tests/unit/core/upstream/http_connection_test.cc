#include "core/upstream/http_connection.h"

#include "tests/unit/core/upstream/client.h"
#include "tests/unit/core/upstream/world.h"

namespace weir::test {
namespace {

class HttpConnection : public testing::Test {
 protected:
  HttpConnection() { world.adopt({cluster_of({origin.endpoint()})}); }

  // A first exchange on a connection that stays open.
  Peer warm_up() {
    Client first(world.cluster());
    first.begin();
    Peer peer = origin.accept();
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    EXPECT_TRUE(world.until([&] { return first.over(); }));
    return peer;
  }
  std::int64_t idle() { return world.cluster().counters().connections_idle.value(); }
  std::int64_t open() { return world.cluster().counters().connections_open.value(); }

  World world;
  Origin origin{world};
};

TEST_F(HttpConnection, SendsTheRequestAndPassesTheResponse) {
  Client client(world.cluster());
  client.request.query = "?q=1";
  client.request.headers.add("x-test", "yes");
  client.begin();
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_head(), "GET /?q=1 HTTP/1.1\r\nhost: origin\r\nx-test: yes\r\n\r\n");
  peer.send("HTTP/1.1 200 Fine\r\ncontent-length: 5\r\nServer: me\r\n\r\nhello");
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "connected 200 end");
  EXPECT_EQ(client.body, "hello");
  EXPECT_EQ(client.response_.headers.get(http::HeaderId::Server), "me");
  EXPECT_EQ(world.state().requests.load(), 0u);
  EXPECT_EQ(idle(), 1);
}

TEST_F(HttpConnection, IsUsedAgainForTheNextExchange) {
  Peer peer = warm_up();
  Client client(world.cluster());
  client.begin();
  EXPECT_EQ(client.events, "ready");
  EXPECT_TRUE(client.attempt.reused());
  peer.read_head();
  peer.send("HTTP/1.1 204 No Content\r\n\r\n");
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "ready 204:end");
  EXPECT_EQ(open(), 1);
}

struct Case {
  const char* name;
  http::Method method;
  const char* method_name;
  const char* sent;
  bool closes;  // the origin closes behind it
  const char* events;
  const char* body;
  bool reused;
};

class ResponseRules : public HttpConnection, public testing::WithParamInterface<Case> {
 protected:
  void run(bool drip) {
    const Case& rule = GetParam();
    Client client(world.cluster());
    client.request.method = rule.method;
    client.request.method_name = rule.method_name;
    client.begin();
    Peer peer = origin.accept();
    peer.read_head();
    if (drip) {
      peer.drip(rule.sent);
    } else {
      peer.send(rule.sent);
    }
    if (rule.closes) peer.close();
    ASSERT_TRUE(world.until([&] { return client.over(); }));
    std::string events = client.events;
    for (std::size_t at; (at = events.find("body ")) != std::string::npos;) events.erase(at, 5);
    EXPECT_EQ(events, std::string("connected ") + rule.events);
    EXPECT_EQ(client.body, rule.body);
    world.settle();
    EXPECT_EQ(idle(), rule.reused ? 1 : 0);
    EXPECT_EQ(open(), rule.reused ? 1 : 0);
  }
};

TEST_P(ResponseRules, HoldInOnePiece) {
  run(false);
}
TEST_P(ResponseRules, HoldByteByByte) {
  run(true);
}

constexpr http::Method kGet = http::Method::Get;
constexpr http::Method kHead = http::Method::Head;

INSTANTIATE_TEST_SUITE_P(
    Upstream, ResponseRules,
    testing::Values(
        Case{"Length", kGet, "GET", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc", false,
             "200 end", "abc", true},
        Case{"EmptyLength", kGet, "GET", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false,
             "200:end", "", true},
        Case{"HeadWithLength", kHead, "HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", false,
             "200:end", "", true},
        Case{"HeadChunked", kHead, "HEAD", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
             false, "200:end", "", true},
        Case{"NoContent", kGet, "GET", "HTTP/1.1 204 No Content\r\n\r\n", false, "204:end", "",
             true},
        Case{"NotModified", kGet, "GET", "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n",
             false, "304:end", "", true},
        Case{"Chunked", kGet, "GET",
             "HTTP/1.1 200 OK\r\ntransfer-encoding: "
             "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
             false, "200 end", "abcde", true},
        Case{"Trailers", kGet, "GET",
             "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n",
             false, "200 trailers:x-sum=7", "a", true},
        Case{"UntilClose", kGet, "GET", "HTTP/1.1 200 OK\r\n\r\nall of it", true, "200 end",
             "all of it", false},
        Case{"Http10UntilClose", kGet, "GET", "HTTP/1.0 200 OK\r\n\r\nold", true, "200 end", "old",
             false},
        Case{"Http10WithLength", kGet, "GET", "HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nold",
             false, "200 end", "old", false},
        Case{"Http10KeepAlive", kGet, "GET",
             "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 3\r\n\r\nold", false,
             "200 end", "old", true},
        Case{"ConnectionClose", kGet, "GET",
             "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx", false, "200 end",
             "x", false},
        Case{"Informational", kGet, "GET",
             "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: "
             "1\r\n\r\nx",
             false, "103 200 end", "x", true},
        Case{"ClosedBeforeHead", kGet, "GET", "", true, "failed:upstream_reset:nothing_received",
             "", false},
        Case{"ClosedInHead", kGet, "GET", "HTTP/1.1 200 OK\r\ncont", true, "failed:upstream_reset",
             "", false},
        Case{"CutInLength", kGet, "GET", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", true,
             "200 failed:upstream_cut", "abc", false},
        Case{"CutInChunk", kGet, "GET",
             "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc", true,
             "200 failed:upstream_cut", "abc", false},
        Case{"CutBeforeLastChunk", kGet, "GET",
             "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n", true,
             "200 failed:upstream_cut", "abc", false},
        Case{"CutInTrailers", kGet, "GET",
             "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: 1\r\n", true,
             "200 failed:upstream_cut", "abc", false},
        Case{"BadChunk", kGet, "GET",
             "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabcX", false,
             "200 failed:upstream_cut", "abc", false},
        Case{"NotHttp", kGet, "GET", "220 smtp ready\r\n", false, "failed:upstream_invalid", "",
             false},
        Case{"TwoLengths", kGet, "GET",
             "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", false,
             "failed:upstream_invalid", "", false},
        Case{"UnaskedUpgrade", kGet, "GET",
             "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: "
             "websocket\r\n\r\n",
             false, "failed:upstream_invalid", "", false}),
    [](const auto& rule) { return std::string(rule.param.name); });

TEST_F(HttpConnection, ClosesWhenBytesFollowTheResponse) {
  Client client(world.cluster());
  client.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n");
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "connected 200 end");
  EXPECT_EQ(client.body, "x");
  EXPECT_EQ(open(), 0);
}

TEST_F(HttpConnection, ClosesWhenBytesComeWhileItIsIdle) {
  Peer peer = warm_up();
  ASSERT_EQ(idle(), 1);
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison");
  ASSERT_TRUE(world.until([&] { return open() == 0; }));
  EXPECT_TRUE(world.until([&] { return peer.ended(); }));
}

TEST_F(HttpConnection, NeverTakesAnAnswerFromBeforeTheQuestion) {
  Peer peer = warm_up();
  Client second(world.cluster());
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison");
  second.begin();  // outside of a turn: the output waits for one, the input comes first
  ASSERT_TRUE(world.until([&] { return second.over(); }));
  EXPECT_EQ(second.events, "ready failed:upstream_reset:nothing_sent");
}

TEST_F(HttpConnection, ClosesWhenTheOriginClosesWhileItIsIdle) {
  Peer peer = warm_up();
  peer.close();
  ASSERT_TRUE(world.until([&] { return open() == 0; }));
  EXPECT_EQ(world.state().connections.load(), 0u);
}

TEST_F(HttpConnection, TellsAClosedPooledConnectionFromABrokenExchange) {
  Peer peer = warm_up();
  Client client(world.cluster());
  client.begin();
  peer.read_head();
  peer.reset();
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "ready failed:upstream_reset:nothing_received");
  EXPECT_TRUE(client.attempt.reused());
}

TEST_F(HttpConnection, SendsABodyOfKnownLength) {
  Client client(world.cluster());
  client.post(10);
  client.begin();
  Peer peer = origin.accept();
  ASSERT_TRUE(world.until([&] { return client.has("connected"); }));
  EXPECT_TRUE(client.send("01234", false));
  EXPECT_TRUE(client.send("56789", true));
  EXPECT_EQ(peer.read_until("56789"),
            "POST / HTTP/1.1\r\nhost: origin\r\ncontent-length: 10\r\n\r\n0123456789");
  peer.send("HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n");
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(idle(), 1);
}

TEST_F(HttpConnection, SendsAChunkedBodyWithTrailers) {
  Client client(world.cluster());
  client.post(UINT64_MAX);
  client.begin();
  Peer peer = origin.accept();
  ASSERT_TRUE(world.until([&] { return client.has("connected"); }));
  EXPECT_TRUE(client.send("hello", false));
  Arena arena;
  http::HeaderMap trailers(arena);
  trailers.add("x-sum", "1");
  EXPECT_TRUE(client.attempt.connection()->send_trailers(trailers));
  EXPECT_EQ(peer.read_until("x-sum: 1\r\n\r\n"),
            "POST / HTTP/1.1\r\nhost: origin\r\ntransfer-encoding: chunked\r\n\r\n"
            "5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n");
}

TEST_F(HttpConnection, RefusesABodyThatDoesNotFitItsLength) {
  for (const auto& [text, end] : {std::pair("12345678901", false), std::pair("123", true)}) {
    Client client(world.cluster());
    client.post(10);
    client.begin();
    Peer peer = origin.accept();
    ASSERT_TRUE(world.until([&] { return client.has("connected"); }));
    EXPECT_FALSE(client.send(text, end));
    client.attempt.end();
    EXPECT_TRUE(peer.read_all().ends_with("\r\n\r\n"));
  }
}

TEST_F(HttpConnection, IsNotUsedAgainAfterAnEarlyResponse) {
  Client client(world.cluster());
  client.post(1000);
  client.begin();
  Peer peer = origin.accept();
  ASSERT_TRUE(world.until([&] { return client.has("connected"); }));
  EXPECT_TRUE(client.send("some", false));
  peer.read_until("some");
  peer.send("HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig");
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "connected 413 end");
  EXPECT_EQ(client.attempt.connection(), nullptr);
  EXPECT_EQ(open(), 0);
}

TEST_F(HttpConnection, LimitsInformationalResponses) {
  Client client(world.cluster());
  client.begin();
  Peer peer = origin.accept();
  peer.read_head();
  for (int i = 0; i < 17; ++i) peer.send("HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_TRUE(client.has("failed:upstream_invalid"));
}

TEST_F(HttpConnection, LimitsTheHead) {
  Client client(world.cluster());
  client.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\nx: ");
  const std::string many(8000, 'x');
  for (int i = 0; i < 8 && !client.over(); ++i) {
    peer.send(many);
    world.settle();
  }
  EXPECT_EQ(client.events, "connected failed:upstream_invalid");
}

TEST_F(HttpConnection, PassesATunnelBothWaysWithHalfCloses) {
  Client client(world.cluster());
  client.request.upgrade = "websocket";
  client.begin();
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_head(),
            "GET / HTTP/1.1\r\nhost: origin\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
  peer.send(
      "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: "
      "WebSocket\r\n\r\nearly");
  ASSERT_TRUE(world.until([&] { return client.body == "early"; }));
  EXPECT_EQ(client.response_.upgrade, "WebSocket");
  EXPECT_TRUE(client.send("ping", false));
  EXPECT_EQ(peer.read_until("ping"), "ping");
  peer.send("pong");
  peer.shutdown();
  ASSERT_TRUE(world.until([&] { return client.has("end"); }));
  EXPECT_EQ(client.body, "earlypong");
  EXPECT_TRUE(client.send("last words", true));
  client.attempt.end();
  EXPECT_EQ(peer.read_all(), "last words");
  ASSERT_TRUE(world.until([&] { return open() == 0; }));
}

TEST_F(HttpConnection, RefusesAnUpgradeToSomethingElse) {
  Client client(world.cluster());
  client.request.upgrade = "websocket";
  client.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n");
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "connected failed:upstream_invalid");
}

TEST_F(HttpConnection, ReadsNoMoreWhileTheResponseIsPaused) {
  Client client(world.cluster());
  client.on_event = [&](std::string_view event) {
    if (event == "200") client.attempt.connection()->pause_response(true);
  };
  client.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 40000\r\n\r\n" + std::string(20000, 'a'));
  ASSERT_TRUE(world.until([&] { return client.has("200"); }));
  peer.send(std::string(20000, 'b'));
  world.settle();
  EXPECT_LE(client.body.size(), 20000u);
  client.attempt.connection()->pause_response(false);
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.body, std::string(20000, 'a') + std::string(20000, 'b'));
  EXPECT_EQ(idle(), 1);
}

TEST_F(HttpConnection, TellsWhenTheRequestIsTakenAgain) {
  constexpr std::size_t kSize = 8 << 20;
  Client client(world.cluster());
  client.post(kSize);
  client.begin();
  Peer peer = origin.accept();
  ASSERT_TRUE(world.until([&] { return client.has("connected"); }));
  EXPECT_TRUE(client.send(std::string(kSize, 'x'), true));
  EXPECT_TRUE(client.attempt.connection()->output_full());
  world.settle();
  EXPECT_FALSE(client.has("drained"));
  std::size_t got = 0;
  ASSERT_TRUE(world.until([&] {
    got += peer.drain();
    return got > kSize;
  }));
  EXPECT_TRUE(client.has("drained"));
}

TEST_F(HttpConnection, CanBeAbandonedInEveryCallback) {
  const std::string_view response =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\nx: 1\r\n\r\n";
  for (const std::string_view where : {"connected", "100", "200", "body", "trailers:x=1"}) {
    auto client = std::make_unique<Client>(world.cluster());
    bool reached = false;
    client->on_event = [&](std::string_view event) {
      if (event != where) return;
      reached = true;
      client->attempt.end();
    };
    client->auto_end = false;
    client->begin();
    Peer peer = origin.accept();
    world.settle();
    if (where != "connected") {
      peer.read_head();
      peer.send(response);
    }
    ASSERT_TRUE(world.until([&] { return reached; })) << where;
    client.reset();
    world.settle();
    EXPECT_EQ(world.state().requests.load(), 0u) << where;
    EXPECT_EQ(open(), where == "trailers:x=1" || where == "connected" ? 1 : 0) << where;
    world.adopt({cluster_of({origin.endpoint()})});
    peer.close();
    ASSERT_TRUE(world.until([&] { return open() == 0; }));
  }
}

TEST_F(HttpConnection, MayBeginTheNextExchangeInTheLastCallback) {
  Client first(world.cluster());
  Client second(world.cluster());
  first.on_event = [&](std::string_view event) {
    if (event != "end") return;
    first.attempt.end();
    second.begin();
  };
  first.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\ny");
  ASSERT_TRUE(world.until([&] { return second.over(); }));
  EXPECT_EQ(second.events, "ready 200 end");
  EXPECT_EQ(second.body, "y");
  EXPECT_EQ(first.body, "x");
}

}  // namespace
}  // namespace weir::test
