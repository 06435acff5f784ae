#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"
#include "tests/support/unit/planned_filter.h"

namespace weir::filters {
namespace {

using filter::Downstream;
using filter::Verdict;
using test::Exchange;
using test::HttpRig;
using Client = HttpRig::Client;

// The codec behind one network filter, which passes bytes until the test says otherwise.
class BehindAFilter : public testing::Test {
 protected:
  BehindAFilter() {
    rig.chain.network_filters.push_back({"a", std::make_unique<test::PlannedFactory>(plan)});
  }
  void echo_paths() {
    rig.upstream.on_end = [](Exchange& exchange) { exchange.respond(exchange.path); };
  }
  void hold() {
    plan.down = [](Downstream&, Buffer&, bool) { return Verdict::Pause; };
  }
  void let_go(Client& client) {
    test::in_turn(rig.loop(), [&] { client.downstream->resume_filters(); });
    client.pipe.run();
  }
  void drain(Client& client, filter::Drain drain) {
    test::in_turn(rig.loop(), [&] { client.downstream->drain(drain); });
  }
  void pass_time(std::uint64_t ms) {
    test::in_turn(rig.loop(), [&] { rig.loop().timers().advance(rig.loop().now() + ms); });
  }
  static std::string request(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nhost: a\r\n\r\n";
  }

  test::Plan plan;
  HttpRig rig;
};

TEST_F(BehindAFilter, AnswersAPipeline) {
  echo_paths();
  Client& client = rig.connect();
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += request("/" + std::to_string(i) + ".");
  client.say(requests);
  EXPECT_EQ(rig.observer.records.size(), 20u);
  EXPECT_TRUE(client.heard().ends_with("/19."));
}

TEST_F(BehindAFilter, ReadsWhatWasSentAheadWhenTheResponseIsOver) {
  Client& client = rig.connect();
  client.say(request("/1") + request("/2") + request("/3"));
  for (std::size_t answered = 1; answered <= 3; ++answered) {
    ASSERT_EQ(rig.upstream.exchanges.size(), answered);
    test::in_turn(rig.loop(), [&] { rig.upstream.last().respond("ok"); });
  }
  EXPECT_EQ(rig.observer.records.size(), 3u);
}

TEST_F(BehindAFilter, AnswersAllThatCameBeforeTheClientEnded) {
  Client& client = rig.connect();
  client.pipe.send(request("/1") + request("/2"));
  client.pipe.send_fin();
  client.pipe.run();
  for (std::size_t answered = 1; answered <= 2; ++answered) {
    ASSERT_EQ(rig.upstream.exchanges.size(), answered);
    test::in_turn(rig.loop(), [&] { rig.upstream.last().respond("ok"); });
    client.pipe.run();
  }
  EXPECT_EQ(rig.observer.records.size(), 2u);
  EXPECT_TRUE(client.over);
}

TEST_F(BehindAFilter, AnswersWhatTheFilterHeldWhenTheClientHadEnded) {
  echo_paths();
  hold();
  Client& client = rig.connect();
  client.pipe.send(request("/1") + request("/2"));
  client.pipe.send_fin();
  client.pipe.run();
  EXPECT_EQ(client.heard(), "");
  plan.down = nullptr;
  let_go(client);
  EXPECT_EQ(rig.observer.records.size(), 2u);
  EXPECT_TRUE(client.over);
}

TEST_F(BehindAFilter, AnswersWhatTheFilterHoldsWhenWeirEnds) {
  echo_paths();
  Client& client = rig.connect();
  client.say(request("/1"));
  client.heard();
  hold();
  client.say(request("/2"));
  drain(client, filter::Drain::Now);
  ASSERT_FALSE(client.over);
  let_go(client);
  const std::string answer = client.heard();
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("/2")) << answer;
}

TEST_F(BehindAFilter, AnswersTheFirstRequestThatTheFilterHoldsForLongWhenWeirEnds) {
  echo_paths();
  hold();
  Client& client = rig.connect();
  client.say(request("/1"));
  drain(client, filter::Drain::Now);
  pass_time(1'500);
  ASSERT_FALSE(client.over || client.downstream->connection().closing());
  let_go(client);
  EXPECT_TRUE(client.heard().ends_with("/1"));
}

TEST_F(BehindAFilter, CutsAtTheEndOfADrainWhatTheFilterNeverLetGo) {
  hold();
  Client& client = rig.connect();
  client.say(request("/1"));
  drain(client, filter::Drain::Over);
  EXPECT_TRUE(client.over);
  EXPECT_TRUE(client.pipe.got_reset);
}

TEST_F(BehindAFilter, IsNotIdleWhileTheFilterHoldsBytes) {
  echo_paths();
  hold();
  Client& client = rig.connect();
  client.say(request("/1"));
  test::in_turn(rig.loop(), [&] { EXPECT_FALSE(client.downstream->close_if_idle()); });
  let_go(client);
  EXPECT_TRUE(client.heard().ends_with("/1"));
  test::in_turn(rig.loop(), [&] { EXPECT_TRUE(client.downstream->close_if_idle()); });
}

TEST_F(BehindAFilter, IsNotIdleBetweenTwoRequestsOfAPipeline) {
  Client& client = rig.connect();
  client.say(request("/1") + request("/2"));
  bool closes = true;
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().respond("ok");
    closes = client.downstream->close_if_idle();
  });
  EXPECT_FALSE(closes);
  ASSERT_EQ(rig.upstream.exchanges.size(), 2u);
}

TEST_F(BehindAFilter, KeepsTheConnectionWhenTheBodyThatIsRefusedIsHere) {
  Client& client = rig.connect();
  client.say("POST /1 HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n");
  hold();
  client.say("hello");
  test::in_turn(rig.loop(), [&] {
    client.downstream->connection().pause(net::kPausedByOutput);
    client.downstream->resume_filters();
  });
  test::in_turn(rig.loop(), [&] { rig.upstream.last().respond("no", 403); });
  EXPECT_EQ(client.heard().find("connection: close"), std::string::npos);
  plan.down = nullptr;
  client.say(request("/2"));
  EXPECT_EQ(rig.upstream.last().path, "/2");
}

TEST_F(BehindAFilter, ClosesAConnectionWhoseFilterNeverLetsGo) {
  rig.settings().connection_idle = std::chrono::milliseconds(100);
  hold();
  Client& client = rig.connect();
  client.say(request("/1"));
  pass_time(200);
  EXPECT_TRUE(client.over);
}

TEST_F(BehindAFilter, EndsAnExchangeWhoseBodyTheFilterNeverLetsGo) {
  rig.settings().idle_timeout = std::chrono::milliseconds(15);
  Client& client = rig.connect();
  client.say("POST /1 HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n");
  hold();
  client.say("hello");
  rig.wait_for([&] { return rig.observer.records.size() == 1; });
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::ClientTimeout);
}

TEST_F(BehindAFilter, AnswersTheTimeoutOfAHeadOfWhichTheFilterHoldsTheRest) {
  rig.settings().header_timeout = std::chrono::milliseconds(100);
  Client& client = rig.connect();
  client.say("GET /1 HTTP/1.1\r\n");
  hold();
  client.say("host: a\r\n\r\n");
  pass_time(200);
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(rig.observer.records.size(), 1u);
}

}  // namespace
}  // namespace weir::filters
