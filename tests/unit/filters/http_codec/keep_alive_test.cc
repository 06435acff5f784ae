#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"

namespace weir::filters {
namespace {

using test::Exchange;
using test::HttpRig;
using Client = HttpRig::Client;

std::string get(std::string_view path, std::string_view more = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nhost: a\r\n" + std::string(more) + "\r\n";
}

// Answers every request with its path.
void echo_path(HttpRig& rig) {
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond(exchange.path); };
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

TEST(H1Session, AnswersARequestAndKeepsTheConnection) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond("hello"); };
  Client& client = rig.connect();
  client.say("GET /a?b=c HTTP/1.1\r\nHost: Example.com\r\n\r\n");
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("content-length: 5\r\n\r\nhello")) << answer;
  EXPECT_EQ(answer.find("connection:"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\ndate: "), std::string::npos) << answer;
  EXPECT_EQ(rig.upstream.last().path, "/a?b=c");
  EXPECT_EQ(rig.upstream.last().authority, "example.com");

  client.say(get("/second"));
  EXPECT_TRUE(client.heard().ends_with("hello"));
  EXPECT_FALSE(client.over);
  ASSERT_EQ(rig.observer.records.size(), 2u);
  EXPECT_EQ(rig.observer.records[0].status, 200);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::Ok);
  EXPECT_EQ(rig.observer.records[0].bytes_out, answer.size());
}

TEST(H1Session, WritesAHeadAndItsBodyAtOnce) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say(get("/x"));
  EXPECT_EQ(client.pipe.writes, 1u);
}

TEST(H1Session, HoldsNoBlockBetweenRequests) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  EXPECT_EQ(rig.reactor.blocks().bytes_in_use(), 0u);
  client.say(get("/x"));
  EXPECT_EQ(rig.reactor.blocks().bytes_in_use(), 0u);
  EXPECT_EQ(rig.reactor.local<filter::StreamPool>().live(), 0u);
}

TEST(H1Session, AnswersAPipelineInItsOrder) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += get("/" + std::to_string(i) + ".");
  client.say(requests);
  const std::string answer = client.heard();
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = answer.find("\r\n\r\n/" + std::to_string(i) + ".", at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_EQ(rig.observer.records.size(), 50u);
}

TEST(H1Session, AnswersAPipelineThatComesByteByByte) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.pipe.read_limit = 1;
  client.say(get("/1") + "POST /2 HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc" + get("/3"));
  const std::string answer = client.heard();
  EXPECT_EQ(count(answer, "HTTP/1.1 200 OK"), 3u);
  EXPECT_LT(answer.find("\r\n\r\n/1"), answer.find("\r\n\r\n/2"));
  EXPECT_TRUE(answer.ends_with("/3"));
}

TEST(H1Session, LeavesWhatWasSentAheadUntilTheResponseIsOver) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(get("/1") + get("/2"));
  ASSERT_EQ(rig.upstream.exchanges.size(), 1u);
  // Whatever else the client sends stays in the socket.
  client.say(std::string(100'000, 'x'));
  EXPECT_EQ(client.pipe.unread(), 100'000u);
  test::in_turn(rig.loop(), [&] { rig.upstream.last().respond("one"); });
  ASSERT_EQ(rig.upstream.exchanges.size(), 2u);
  EXPECT_EQ(rig.upstream.last().path, "/2");
}

TEST(H1Session, StopsReadingRequestsOfAClientThatReadsNoResponse) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond(std::string(1'000, 'r')); };
  Client& client = rig.connect();
  client.pipe.take_at_most(0);
  std::string requests;
  for (int i = 0; i < 2'000; ++i) requests += get("/flood");
  client.say(requests);
  EXPECT_LE(client.downstream->connection().output_size(), net::Connection::kHighOutput + 2'000);
  EXPECT_LT(rig.upstream.exchanges.size(), 100u);
  client.pipe.take_all();
  client.pipe.run();
  EXPECT_EQ(count(client.heard(), "HTTP/1.1 200 OK"), 2'000u);
}

TEST(H1Session, ClosesAfterAResponseWhenTheClientSaysSo) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say(get("/x", "connection: close\r\n"));
  EXPECT_NE(client.heard().find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.over);
  EXPECT_FALSE(client.pipe.got_reset);
}

TEST(H1Session, ClosesAfterMaxRequestsAndLingersForWhatIsOnItsWay) {
  HttpRig rig;
  rig.settings().max_requests = 2;
  echo_path(rig);
  Client& client = rig.connect();
  client.say(get("/1"));
  EXPECT_EQ(client.heard().find("connection:"), std::string::npos);
  client.say(get("/2"));
  EXPECT_NE(client.heard().find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.pipe.got_fin);
  // The client did not know yet: closing now would reset the connection and lose the response.
  EXPECT_FALSE(client.over);
  client.say(get("/3"));
  EXPECT_FALSE(client.over);
  EXPECT_EQ(rig.upstream.exchanges.size(), 2u);
  client.pipe.send_fin();
  client.pipe.run();
  EXPECT_TRUE(client.over);
  EXPECT_EQ(client.heard(), "");
}

TEST(H1Session, SaysCloseOnceItsChainDrains) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say(get("/1"));
  client.heard();
  rig.host.draining = true;
  client.say(get("/2"));
  EXPECT_NE(client.heard().find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.pipe.got_fin);
}

TEST(H1Session, ClosesAnIdleConnectionThatDrains) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say(get("/1"));
  test::in_turn(rig.loop(), [&] { client.downstream->drain(filter::Drain::Now); });
  EXPECT_TRUE(client.over);
}

TEST(H1Session, AnswersARequestThatHasArrivedWhenWeirEnds) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say(get("/1"));
  client.heard();
  client.pipe.send(get("/2"));
  test::in_turn(rig.loop(), [&] { client.downstream->drain(filter::Drain::Now); });
  client.pipe.run();
  const std::string answer = client.heard();
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("/2")) << answer;
  EXPECT_TRUE(client.pipe.got_fin);
}

TEST(H1Session, LetsAnIdleConnectionSendOneMoreRequestWhenItsChainIsGone) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say(get("/1"));
  client.heard();
  test::in_turn(rig.loop(), [&] { client.downstream->drain(filter::Drain::Soon); });
  EXPECT_FALSE(client.over);
  client.say(get("/2"));
  EXPECT_NE(client.heard().find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.pipe.got_fin);
}

TEST(H1Session, SaysThatWeirClosedTheConnectionUnderARequest) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(get("/1"));
  test::in_turn(rig.loop(), [&] { client.downstream->close(); });
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].ended_by, filter::EndedBy::Weir);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::Draining);
}

TEST(H1Session, FinishesARequestThatIsUnderWayWhenItDrains) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(get("/1"));
  test::in_turn(rig.loop(), [&] { client.downstream->drain(filter::Drain::Now); });
  EXPECT_FALSE(client.over);
  test::in_turn(rig.loop(), [&] { rig.upstream.last().respond("done"); });
  EXPECT_NE(client.pipe.received.find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.pipe.received.ends_with("done"));
  EXPECT_TRUE(client.pipe.got_fin);
}

TEST(H1Session, ClosesAnIdleConnection) {
  HttpRig rig;
  rig.settings().connection_idle = std::chrono::milliseconds(15);
  echo_path(rig);
  Client& fresh = rig.connect();
  Client& used = rig.connect();
  used.say(get("/1"));
  rig.wait_for([&] { return fresh.over && used.over; });
  EXPECT_EQ(rig.observer.records.size(), 1u);
}

TEST(H1Session, HasNoTimeoutsWhereTheyAreZero) {
  HttpRig rig;
  rig.settings().connection_idle = rig.settings().header_timeout = std::chrono::milliseconds(0);
  echo_path(rig);
  Client& client = rig.connect();
  const auto pass_time = [&] {
    test::in_turn(rig.loop(), [&] { rig.loop().timers().advance(rig.loop().now() + 50); });
  };
  pass_time();
  EXPECT_FALSE(client.over);
  client.say("GET /x HTTP/1.1\r\n");
  pass_time();
  client.say("host: a\r\n\r\n");
  EXPECT_TRUE(client.heard().ends_with("/x"));
  pass_time();
  EXPECT_FALSE(client.over);
}

TEST(H1Session, ClosesAfterAnHttp10RequestWithoutKeepAlive) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say("GET /old HTTP/1.0\r\n\r\n");
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("/old"));
  EXPECT_TRUE(client.over);
}

TEST(H1Session, KeepsAnHttp10ConnectionThatAsksForIt) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.say("GET /1 HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
  EXPECT_NE(client.heard().find("connection: keep-alive\r\n"), std::string::npos);
  client.say("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(client.heard().ends_with("/2"));
  EXPECT_TRUE(client.over);
}

TEST(H1Session, FinishesTheResponseAfterTheClientsHalfClose) {
  HttpRig rig;
  Client& client = rig.connect();
  client.pipe.send(get("/1"));
  client.pipe.send_fin();
  client.pipe.run();
  EXPECT_FALSE(client.over);
  test::in_turn(rig.loop(), [&] { rig.upstream.last().respond("late"); });
  EXPECT_TRUE(client.heard().ends_with("late"));
  EXPECT_TRUE(client.over);
  EXPECT_EQ(rig.upstream.last().cancels, 0);
  EXPECT_EQ(rig.observer.records.at(0).why, filter::Reason::Ok);
}

TEST(H1Session, AnswersAWholePipelineThatEndsInAHalfClose) {
  HttpRig rig;
  echo_path(rig);
  Client& client = rig.connect();
  client.pipe.send(get("/1") + get("/2") + get("/3"));
  client.pipe.send_fin();
  client.pipe.run();
  EXPECT_EQ(count(client.heard(), "HTTP/1.1 200 OK"), 3u);
  EXPECT_TRUE(client.over);
}

TEST(H1Session, ForgetsThatAnEarlierRequestWasAnsweredByWeir) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) {
    if (exchange.path == "/local") exchange.stream->reply({.status = 404});
    if (exchange.path == "/stream") exchange.head(200);
  };
  Client& client = rig.connect();
  client.say(get("/local"));
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 404"));
  // The same stream is used again; its response begins before the request is complete.
  client.say("POST /stream HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n");
  EXPECT_EQ(client.heard().find("connection: close"), std::string::npos);
  client.say("ab");
  test::in_turn(rig.loop(), [&] { rig.upstream.last().end(); });
  EXPECT_FALSE(client.over);
  EXPECT_FALSE(client.pipe.got_fin);
}

}  // namespace
}  // namespace weir::filters
