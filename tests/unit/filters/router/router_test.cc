#include "filters/http/router/router.h"

#include <deque>

#include "filters/http/router/forward.h"
#include "tests/unit/filters/router/proxy.h"

namespace weir::test {
namespace {

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nhost: shop\r\n\r\n";

class Router : public testing::Test {
 protected:
  static route::Route to(std::uint32_t index = 0) {
    route::Route route;
    route.name = "r";
    route.action = route::ToCluster{{{"c" + std::to_string(index), 1, index}}, 1};
    return route;
  }
  static route::Template text(std::string_view words) { return *route::Template::parse(words); }
  void start(route::Route route) {
    std::vector<route::Route> routes;
    routes.push_back(std::move(route));
    proxy.start({cluster_of({origin.endpoint()}, "c0"), cluster_of({other.endpoint()}, "c1")},
                std::move(routes));
  }
  // Both origins in one cluster.
  void start_with_both(route::Route route) {
    std::vector<route::Route> routes;
    routes.push_back(std::move(route));
    proxy.start({cluster_of({origin.endpoint(), other.endpoint()}, "c0")}, std::move(routes));
  }
  // Leaves a pooled connection to `origin` behind.
  Peer warm_up(Peer& client) {
    client.send(kGet);
    Peer peer = origin.accept();
    peer.read_head();
    peer.send(kOk);
    client.read_until("ok");
    EXPECT_TRUE(
        world.until([&] { return world.cluster().counters().connections_idle.value() == 1; }));
    return peer;
  }
  void expect_quiet() {
    world.settle();
    EXPECT_EQ(world.state().requests.load(), 0u);
    EXPECT_EQ(world.state().retries.load(), 0u);
    EXPECT_EQ(world.state().waiting.load(), 0u);
  }

  World world;
  Origin origin{world};
  Origin other{world};
  Proxy proxy{world};
};

TEST_F(Router, ForwardsARequestAndItsResponse) {
  start(to());
  Peer client = proxy.connect();
  client.send(
      "GET /a?b=c HTTP/1.1\r\nhost: shop:8080\r\nx-one: 1\r\nconnection: x-two\r\nx-two: "
      "2\r\n\r\n");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_head(), "GET /a?b=c HTTP/1.1\r\nhost: shop:8080\r\nx-one: 1\r\n\r\n");
  peer.send("HTTP/1.1 200 Fine\r\ncontent-length: 5\r\nkeep-alive: 9\r\ndate: then\r\n\r\nhello");
  EXPECT_EQ(client.read_until("hello"),
            "HTTP/1.1 200 Fine\r\ndate: then\r\ncontent-length: 5\r\n\r\nhello");
  const Proxy::Record& record = proxy.wait_for_record();
  EXPECT_EQ(record.status, 200);
  EXPECT_EQ(record.why, "ok");
  EXPECT_EQ(record.cluster, "c0");
  EXPECT_EQ(record.endpoint, origin.address().to_string());
  EXPECT_EQ(record.attempts, "200");
  expect_quiet();
}

TEST_F(Router, ForwardsManyRequestsOnOneConnectionEach) {
  start(to());
  Peer client = proxy.connect();
  Peer peer = warm_up(client);
  for (int i = 0; i < 20; ++i) {
    client.send(kGet);
    peer.read_head();
    peer.send(kOk);
    EXPECT_EQ(client.read_until("ok").substr(0, 15), "HTTP/1.1 200 OK");
  }
  EXPECT_EQ(world.state().connections.load(), 1u);
}

TEST_F(Router, AnswersWithoutARoute) {
  route::Route route = to();
  route.match.prefixes = {"/only"};
  start(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_until("404 Not Found\n").starts_with("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_EQ(proxy.wait_for_record().why, "no_route");
}

TEST_F(Router, Responds) {
  route::Route route = to();
  route.action = route::Respond{201, {{"x-path", text("%path%")}}, text("made %path%")};
  start(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  const std::string response = client.read_until("made /a");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 201 Created\r\nx-path: /a\r\n")) << response;
  client.send("HEAD /a HTTP/1.1\r\nhost: shop\r\n\r\n");
  EXPECT_TRUE(client.read_head().find("content-length: 7") != std::string::npos);
  client.send(kGet);
  EXPECT_TRUE(client.read_until("made /a").starts_with("HTTP/1.1 201"));
  EXPECT_EQ(proxy.wait_for_record(3).why, "responded");
}

TEST_F(Router, RedirectsByParts) {
  struct Case {
    Case(route::Redirect what, std::string where)
        : redirect(std::move(what)), location(std::move(where)) {}
    route::Redirect redirect;
    std::string location;
  };
  std::deque<Case> cases;
  const auto add = [&cases](std::string location) -> route::Redirect& {
    return cases.emplace_back(route::Redirect(), std::move(location)).redirect;
  };
  add("https://shop/old/x?q=1").scheme = "https";
  route::Redirect& moved = add("https://shop:8443/old/x?q=1");
  moved.scheme = "https";
  moved.port = 8443;
  add("http://shop/old/x?q=1").port = 80;
  add("http://new.shop/old/x?q=1").host = text("new.%host%");
  route::Redirect& page = add("http://shop:8080/p");
  page.path = text("/p");
  page.strip_query = true;
  add("http://shop:8080/new/x?q=1").rewrite = *route::PathRewrite::prefix("/new");
  add("https://else/old/x").url = text("https://else%path%");
  for (Case& one : cases) {
    route::Route route = to();
    route.match.prefixes = {"/old"};
    route.action = std::move(one.redirect);
    start(std::move(route));
    Peer client = proxy.connect();
    client.send("GET /old/x?q=1 HTTP/1.1\r\nhost: shop:8080\r\n\r\n");
    const std::string head = client.read_head();
    EXPECT_TRUE(head.starts_with("HTTP/1.1 308 ")) << head;
    EXPECT_NE(head.find("location: " + one.location + "\r\n"), std::string::npos) << head;
    proxy.close();
  }
}

TEST_F(Router, EscapesInALocationWhatVariablesBring) {
  route::Route route = to();
  route::Redirect redirect;
  redirect.host = text("%query.a%");
  redirect.path = text("/%query.b%");
  redirect.strip_query = true;
  route.action = redirect;
  start(std::move(route));
  Peer client = proxy.connect();
  client.send("GET /?a=+a%0d%0a&b=%22%5c%c3%a9%3c+ HTTP/1.1\r\nhost: shop\r\n\r\n");
  const std::string head = client.read_head();
  EXPECT_NE(head.find("location: http://%20a__/%22%5C%C3%A9%3C%20\r\n"), std::string::npos) << head;
}

TEST_F(Router, RespondsWithoutWhiteSpaceAroundValues) {
  route::Route route = to();
  route.action = route::Respond{200, {{"x-a", text("%cookie.none% %query.a%")}}, text("ok")};
  start(std::move(route));
  Peer client = proxy.connect();
  client.send("GET /?a=+b+ HTTP/1.1\r\nhost: shop\r\n\r\n");
  EXPECT_NE(client.read_head().find("x-a: b\r\n"), std::string::npos);
}

TEST_F(Router, RewritesForUpstreamAndKeepsTheLogAsItWas) {
  route::Route route = to();
  route.match.prefixes = {"/old"};
  route.rewrite = *route::PathRewrite::prefix("/new");
  route.rewrite_host = text("inner.%host%");
  route.request_headers.set.emplace_back("x-was", text("%path%"));
  route.request_headers.remove.push_back("x-secret");
  route.response_headers.append.emplace_back("x-cluster", text("%cluster%"));
  start(std::move(route));
  Peer client = proxy.connect();
  client.send("GET /old/x HTTP/1.1\r\nhost: shop\r\nx-secret: 1\r\n\r\n");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_head(), "GET /new/x HTTP/1.1\r\nhost: inner.shop\r\nx-was: /old/x\r\n\r\n");
  peer.send(kOk);
  EXPECT_NE(client.read_until("ok").find("x-cluster: c0\r\n"), std::string::npos);
  EXPECT_EQ(proxy.wait_for_record().path, "/old/x");
}

TEST_F(Router, SharesRequestsByWeight) {
  route::Route route = to();
  route.action = route::ToCluster{{{"c0", 0, 0}, {"c1", 5, 1}}, 5};
  start(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = other.accept();
  peer.read_head();
  peer.send(kOk);
  client.read_until("ok");
  EXPECT_EQ(proxy.wait_for_record().cluster, "c1");
}

TEST_F(Router, PassesBodiesBothWays) {
  start(to());
  Peer client = proxy.connect();
  client.send("POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 10\r\n\r\n01234");
  Peer peer = origin.accept();
  peer.read_until("01234");
  client.send("56789");
  peer.read_until("56789");
  peer.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
  EXPECT_TRUE(client.read_until("3\r\nabc\r\n").ends_with("\r\n\r\n3\r\nabc\r\n"));
  peer.send("1\r\nd\r\n0\r\nx-sum: 4\r\n\r\n");
  EXPECT_EQ(client.read_until("x-sum: 4\r\n\r\n"), "1\r\nd\r\n0\r\nx-sum: 4\r\n\r\n");
  EXPECT_EQ(proxy.wait_for_record().bytes_in, 62u);
}

TEST_F(Router, PassesAChunkedRequestWithTrailers) {
  start(to());
  Peer client = proxy.connect();
  client.send(
      "POST /a HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\nx-sum: 3\r\n\r\n");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_until("x-sum: 3\r\n\r\n"),
            "POST /a HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n"
            "3\r\nabc\r\n0\r\nx-sum: 3\r\n\r\n");
  peer.send(kOk);
  client.read_until("ok");
  expect_quiet();
}

TEST_F(Router, PassesExpectAndInformationalResponses) {
  start(to());
  Peer client = proxy.connect();
  client.send(
      "POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 2\r\nexpect: "
      "100-continue\r\n\r\n");
  Peer peer = origin.accept();
  EXPECT_NE(peer.read_head().find("expect: 100-continue\r\n"), std::string::npos);
  peer.send("HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.read_head(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  peer.read_until("hi");
  peer.send(kOk);
  client.read_until("ok");
}

TEST_F(Router, PassesAnEarlyResponseWhileTheRequestIsComing) {
  start(to());
  Peer client = proxy.connect();
  client.send("POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 1000\r\n\r\nsome");
  Peer peer = origin.accept();
  peer.read_until("some");
  peer.send("HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig");
  EXPECT_TRUE(client.read_until("big").starts_with("HTTP/1.1 413"));
  EXPECT_EQ(world.state().connections.load(), 0u);
  expect_quiet();
}

TEST_F(Router, HoldsBackALargeBodyOnBothSides) {
  start(to());
  Peer client = proxy.connect();
  client.send("GET /a HTTP/1.1\r\nhost: shop\r\n\r\n");
  Peer peer = origin.accept();
  peer.read_head();
  constexpr std::size_t kSize = 16 << 20;
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(kSize) + "\r\n\r\n");
  client.read_head();
  // The client reads nothing: what the origin sends stays in the kernel and its own hands.
  std::size_t sent = 0;
  std::size_t most_in_blocks = 0;
  std::size_t got = 0;
  const std::string piece(64 * 1024, 'x');
  bool reading = false;
  for (int stalled = 0; got < kSize;) {
    const std::size_t now = std::min(piece.size(), kSize - sent);
    const std::size_t part = now == 0 ? 0 : peer.try_send({piece.data(), now});
    sent += part;
    world.settle();
    most_in_blocks = std::max(most_in_blocks, world.worker().blocks().bytes_in_use());
    if (part == 0) ++stalled;
    if (stalled > 3) reading = true;
    if (reading) got += client.drain();
  }
  EXPECT_EQ(got, kSize);
  EXPECT_LT(most_in_blocks, 512u * 1024);
  EXPECT_TRUE(reading);
}

TEST_F(Router, TriesAnotherEndpointWhenOneRefuses) {
  other.close();
  start_with_both(to());
  Peer client = proxy.connect();
  for (int i = 0; i < 4; ++i) {
    client.send("POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 2\r\n\r\nhi");
  }
  Peer peer = origin.accept();
  for (int i = 0; i < 4; ++i) {
    peer.read_until("hi");
    peer.send(kOk);
    client.read_until("ok");
  }
  std::string attempts;
  for (const Proxy::Record& record : proxy.records) attempts += record.attempts + ",";
  EXPECT_NE(attempts.find("connect_failed 200"), std::string::npos) << attempts;
  expect_quiet();
}

TEST_F(Router, SaysWhenNoEndpointCanBeReached) {
  origin.close();
  start(to());
  Peer client = proxy.connect();
  client.send(kGet);
  const std::string response = client.read_until("503 Service Unavailable\n");
  EXPECT_NE(response.find("x-weir-reason: connect_failed\r\n"), std::string::npos) << response;
  EXPECT_EQ(proxy.wait_for_record().by, "upstream");
  expect_quiet();
}

TEST_F(Router, RetriesTheRaceWithAClosingPooledConnection) {
  start(to());
  Peer client = proxy.connect();
  Peer stale = warm_up(client);
  client.send(kGet);
  stale.read_head();
  stale.reset();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kOk);
  EXPECT_TRUE(client.read_until("ok").starts_with("HTTP/1.1 200"));
  EXPECT_EQ(proxy.wait_for_record(2).attempts, "upstream_reset 200");
  expect_quiet();
}

TEST_F(Router, ReplaysTheBodyOfAnIdempotentRequestAfterTheRace) {
  start(to());
  Peer client = proxy.connect();
  Peer stale = warm_up(client);
  client.send("PUT /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 6\r\n\r\nabc");
  stale.read_until("abc");
  stale.reset();
  Peer peer = origin.accept();
  peer.read_until("abc");
  client.send("def");
  peer.read_until("def");
  peer.send(kOk);
  EXPECT_TRUE(client.read_until("ok").starts_with("HTTP/1.1 200"));
  expect_quiet();
}

TEST_F(Router, NeverRepeatsAPostThatMayHaveBeenSeen) {
  start(to());
  Peer client = proxy.connect();
  Peer stale = warm_up(client);
  client.send("POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 2\r\n\r\nhi");
  stale.read_until("hi");
  stale.reset();
  EXPECT_TRUE(client.read_until("502 Bad Gateway\n").starts_with("HTTP/1.1 502"));
  EXPECT_EQ(proxy.wait_for_record(2).why, "upstream_reset");
  EXPECT_FALSE(origin.has_connection());
  expect_quiet();
}

TEST_F(Router, RepeatsNothingOnceAResponseHasBegun) {
  start(to());
  Peer client = proxy.connect();
  Peer stale = warm_up(client);
  client.send(kGet);
  stale.read_head();
  stale.send("HTTP/1.1 2");
  world.settle();
  stale.reset();
  EXPECT_TRUE(client.read_until("502 Bad Gateway\n").starts_with("HTTP/1.1 502"));
}

TEST_F(Router, RetriesAStatusAsThePolicySays) {
  route::Route route = to();
  route.retry.when = route::kRetryGatewayError;
  route.retry.attempts = 2;
  route.retry.back_off_base = route::Milliseconds(1);
  start(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  for (int i = 0; i < 2; ++i) {
    peer.read_head();
    peer.send("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nx-first: 1\r\n\r\n");
  }
  peer.read_head();
  peer.send(kOk);
  const std::string response = client.read_until("ok");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200")) << response;
  EXPECT_EQ(response.find("x-first"), std::string::npos);
  EXPECT_EQ(proxy.wait_for_record().attempts, "503 503 200");
  EXPECT_EQ(world.cluster().counters().retries.value(), 2u);
  expect_quiet();
}

TEST_F(Router, PassesTheLastStatusWhenRetriesAreUsedUp) {
  route::Route route = to();
  route.retry.when = route::kRetry5xx;
  route.retry.back_off_base = route::Milliseconds(1);
  start(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  for (int i = 0; i < 2; ++i) {
    peer.read_head();
    peer.send("HTTP/1.1 500 Broken\r\ncontent-length: 4\r\n\r\ngone");
    if (i == 0) peer = origin.accept();
  }
  EXPECT_TRUE(client.read_until("gone").starts_with("HTTP/1.1 500 Broken"));
  expect_quiet();
}

TEST_F(Router, RetriesAPostOnlyWhenThatIsCalledSafe) {
  for (const bool unsafe : {false, true}) {
    route::Route route = to();
    route.retry.when = route::kRetryGatewayError;
    route.retry.back_off_base = route::Milliseconds(1);
    route.retry.unsafe = unsafe;
    start(std::move(route));
    Peer client = proxy.connect();
    client.send("POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 2\r\n\r\nhi");
    Peer peer = origin.accept();
    peer.read_until("hi");
    peer.send("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
    if (unsafe) {
      peer.read_until("hi");
      peer.send(kOk);
      client.read_until("ok");
    } else {
      EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 503 Busy"));
    }
    proxy.close();
    peer.close();
    world.settle();
  }
}

TEST_F(Router, DoesNotRetryABodyThatIsTooLargeToKeep) {
  route::Route route = to();
  route.retry.when = route::kRetryGatewayError;
  start(std::move(route));
  Peer client = proxy.connect();
  const std::string body(filters::Forward::kMaxReplay + 1, 'x');
  client.send("PUT /a HTTP/1.1\r\nhost: shop\r\ncontent-length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
  Peer peer = origin.accept();
  std::size_t got = 0;
  ASSERT_TRUE(world.until([&] {
    got += peer.drain();
    return got > body.size();
  }));
  peer.send("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
  EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 503 Busy"));
}

TEST_F(Router, SpendsNoMoreThanTheRetryBudget) {
  route::Route route = to();
  route.retry.when = route::kRetryGatewayError;
  std::vector<route::Route> routes;
  routes.push_back(std::move(route));
  auto spec = cluster_of({origin.endpoint()}, "c0");
  spec.retry_budget = {.percent = 0, .least = 0};
  proxy.start({spec}, std::move(routes));
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
  EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 503 Busy"));
  EXPECT_EQ(world.cluster().counters().retry_budget_exhausted.value(), 1u);
}

TEST_F(Router, GivesUpWhenNoHeadComesInTime) {
  route::Route route = to();
  route.timeout = route::Milliseconds(20);
  start(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  peer.read_head();
  EXPECT_TRUE(client.read_until("504 Gateway Timeout\n").starts_with("HTTP/1.1 504"));
  EXPECT_EQ(proxy.wait_for_record().why, "upstream_timeout");
  EXPECT_EQ(proxy.wait_for_record().attempts, "upstream_timeout");
  EXPECT_EQ(proxy.wait_for_record().phase, "wait");
  EXPECT_EQ(peer.read_all(), "");
  expect_quiet();
}

TEST_F(Router, TriesAgainWhenOneTryTakesTooLong) {
  route::Route route = to();
  route.retry.when = route::kRetryTimeout;
  route.retry.per_try_timeout = route::Milliseconds(20);
  route.retry.back_off_base = route::Milliseconds(1);
  start_with_both(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  Peer slow = origin.accept();
  slow.read_head();
  Peer fast = other.accept();
  fast.read_head();
  fast.send(kOk);
  EXPECT_TRUE(client.read_until("ok").starts_with("HTTP/1.1 200"));
  EXPECT_EQ(proxy.wait_for_record().attempts, "upstream_timeout 200");
  expect_quiet();
}

TEST_F(Router, CutsTheResponseWhenUpstreamDoes) {
  start(to());
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
  client.read_until("abc");
  peer.close();
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(proxy.wait_for_record().why, "upstream_cut");
  expect_quiet();
}

TEST_F(Router, AnswersABrokenResponseWith502) {
  start(to());
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n");
  EXPECT_TRUE(client.read_until("502 Bad Gateway\n").starts_with("HTTP/1.1 502"));
  EXPECT_EQ(proxy.wait_for_record().why, "upstream_invalid");
}

TEST_F(Router, LeavesUpstreamWhenTheClientGoesAway) {
  start(to());
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  peer.read_head();
  client.reset();
  EXPECT_EQ(peer.read_all(), "");
  EXPECT_EQ(proxy.wait_for_record().why, "client_reset");
  expect_quiet();
}

TEST_F(Router, QueuesAndTellsWhenTheWaitWasTooLong) {
  auto spec = cluster_of({origin.endpoint()}, "c0");
  spec.limits.requests = 1;
  spec.limits.queue_timeout = upstream::Milliseconds(20);
  std::vector<route::Route> routes;
  routes.push_back(to());
  proxy.start({spec}, std::move(routes));
  Peer first = proxy.connect();
  first.send(kGet);
  Peer peer = origin.accept();
  peer.read_head();
  Peer second = proxy.connect();
  second.send(kGet);
  EXPECT_TRUE(second.read_until("503 Service Unavailable\n").starts_with("HTTP/1.1 503"));
  EXPECT_EQ(proxy.wait_for_record().why, "queue_timeout");
  EXPECT_EQ(proxy.wait_for_record().phase, "queue");
  Peer third = proxy.connect();
  third.send(kGet);
  ASSERT_TRUE(world.until([&] { return world.state().waiting.load() == 1; }));
  peer.send(kOk);
  peer.read_head();
  peer.send(kOk);
  third.read_until("ok");
  expect_quiet();
}

TEST_F(Router, PassesAWebSocket) {
  start(to());
  Peer client = proxy.connect();
  client.send(
      "GET /a HTTP/1.1\r\nhost: shop\r\nconnection: upgrade\r\nupgrade: "
      "WebSocket\r\nsec-websocket-key: k\r\n\r\n");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_head(),
            "GET /a HTTP/1.1\r\nhost: shop\r\nsec-websocket-key: k\r\nconnection: "
            "upgrade\r\nupgrade: WebSocket\r\n\r\n");
  peer.send(
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: "
      "websocket\r\n\r\nhello");
  EXPECT_TRUE(client.read_until("hello").starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  client.send("ping");
  peer.read_until("ping");
  client.send("bye");
  client.shutdown();
  EXPECT_EQ(peer.read_all(), "bye");
  peer.send("good bye");
  peer.close();
  EXPECT_EQ(client.read_all(), "good bye");
  EXPECT_EQ(proxy.wait_for_record().status, 101);
  expect_quiet();
}

TEST_F(Router, RefusesAWebSocketWhereTheRouteForbidsIt) {
  route::Route route = to();
  route.upgrades.clear();
  start(std::move(route));
  Peer client = proxy.connect();
  client.send("GET /a HTTP/1.1\r\nhost: shop\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
  EXPECT_TRUE(client.read_until("403 Forbidden\n").starts_with("HTTP/1.1 403"));
  EXPECT_EQ(proxy.wait_for_record().why, "not_supported");
}

TEST_F(Router, IgnoresOtherUpgrades) {
  start(to());
  Peer client = proxy.connect();
  client.send(
      "GET /a HTTP/1.1\r\nhost: shop\r\nconnection: upgrade, "
      "http2-settings\r\nupgrade: h2c\r\nhttp2-settings: x\r\n\r\n");
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_head(), "GET /a HTTP/1.1\r\nhost: shop\r\n\r\n");
  peer.send(kOk);
  client.read_until("ok");
}

TEST_F(Router, MirrorsACopyAndDropsItsAnswer) {
  route::Route route = to();
  route.mirrors.push_back({"c1", 1, 100});
  start(std::move(route));
  Peer client = proxy.connect();
  client.send("POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 4\r\n\r\nbo");
  Peer peer = origin.accept();
  peer.read_until("bo");
  client.send("dy");
  peer.read_until("dy");
  peer.send(kOk);
  client.read_until("ok");
  proxy.close();
  Peer copy = other.accept();
  EXPECT_EQ(copy.read_until("body"),
            "POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 4\r\n\r\nbody");
  copy.send("HTTP/1.1 500 Broken\r\ncontent-length: 3\r\n\r\nbad");
  ASSERT_TRUE(world.until([&] { return world.state(1).requests.load() == 0; }));
  EXPECT_EQ(proxy.records.size(), 1u);
}

TEST_F(Router, IsNotHurtByAMirrorThatCannotBeReached) {
  other.close();
  route::Route route = to();
  route.mirrors.push_back({"c1", 1, 100});
  start(std::move(route));
  Peer client = proxy.connect();
  client.send(kGet);
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kOk);
  EXPECT_TRUE(client.read_until("ok").starts_with("HTTP/1.1 200"));
}

}  // namespace
}  // namespace weir::test
