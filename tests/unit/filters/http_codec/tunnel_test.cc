#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"

namespace weir::filters {
namespace {

using test::Exchange;
using test::HttpRig;
using Client = HttpRig::Client;

constexpr std::string_view kUpgrade =
    "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";

// A client whose request was answered with 101.
Client& tunnel(HttpRig& rig, std::string_view early = {}) {
  Client& client = rig.connect();
  client.say(std::string(kUpgrade) + std::string(early));
  test::in_turn(rig.loop(), [&] { rig.upstream.last().upgrade(); });
  client.pipe.run();
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  EXPECT_NE(answer.find("connection: upgrade\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("upgrade: websocket\r\n"), std::string::npos) << answer;
  return client;
}

TEST(H1SessionTunnel, PassesBytesBothWays) {
  HttpRig rig;
  Client& client = tunnel(rig);
  client.say("up");
  EXPECT_EQ(rig.upstream.last().body, "up");
  test::in_turn(rig.loop(), [&] { rig.upstream.last().send("down"); });
  EXPECT_EQ(client.heard(), "down");
  EXPECT_EQ(rig.observer.records.size(), 0u);
}

TEST(H1SessionTunnel, OpensForATerminalThatAnswersInsideItsFirstCall) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) { exchange.upgrade(); };
  Client& client = rig.connect();
  client.say(kUpgrade);
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 101 "));
  client.say("up");
  EXPECT_EQ(rig.upstream.last().body, "up");
  test::in_turn(rig.loop(), [&] { rig.upstream.last().send("down"); });
  EXPECT_EQ(client.heard(), "down");
}

TEST(H1SessionTunnel, PassesWhatTheClientSentAhead) {
  HttpRig rig;
  tunnel(rig, "early bytes");
  EXPECT_EQ(rig.upstream.last().body, "early bytes");
}

TEST(H1SessionTunnel, PassesTheClientsHalfCloseAndEndsAfterTheUpstreams) {
  HttpRig rig;
  Client& client = tunnel(rig);
  client.pipe.send("last");
  client.pipe.send_fin();
  client.pipe.run();
  EXPECT_EQ(rig.upstream.last().body, "last");
  EXPECT_TRUE(rig.upstream.last().ended);
  EXPECT_FALSE(client.over);
  test::in_turn(rig.loop(), [&] { rig.upstream.last().send("still here"); });
  EXPECT_EQ(client.heard(), "still here");
  test::in_turn(rig.loop(), [&] { rig.upstream.last().end(); });
  EXPECT_TRUE(client.pipe.got_fin || client.over);
  EXPECT_TRUE(client.over);
  EXPECT_FALSE(client.pipe.got_reset);
  EXPECT_EQ(rig.upstream.last().cancels, 0);
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::Ok);
  EXPECT_EQ(rig.observer.records[0].status, 101);
}

TEST(H1SessionTunnel, PassesTheUpstreamsHalfCloseAndEndsAfterTheClients) {
  HttpRig rig;
  Client& client = tunnel(rig);
  test::in_turn(rig.loop(), [&] { rig.upstream.last().send("bye", true); });
  EXPECT_EQ(client.heard(), "bye");
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_FALSE(client.over);
  client.say("more");
  EXPECT_EQ(rig.upstream.last().body, "more");
  client.pipe.send_fin();
  client.pipe.run();
  EXPECT_TRUE(rig.upstream.last().ended);
  EXPECT_TRUE(client.over);
  EXPECT_EQ(rig.upstream.last().cancels, 0);
}

TEST(H1SessionTunnel, CancelsTheUpstreamWhenTheClientResets) {
  for (const bool half_closed : {false, true}) {
    HttpRig rig;
    Client& client = tunnel(rig);
    if (half_closed) test::in_turn(rig.loop(), [&] { rig.upstream.last().end(); });
    client.pipe.send_reset();
    client.pipe.run();
    EXPECT_TRUE(client.over);
    EXPECT_EQ(rig.upstream.last().cancels, 1) << half_closed;
    EXPECT_EQ(rig.observer.records.at(0).why, filter::Reason::ClientReset);
  }
}

TEST(H1SessionTunnel, ResetsTheClientWhenTheUpstreamIsCut) {
  HttpRig rig;
  Client& client = tunnel(rig);
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().stream->cut(filter::EndedBy::Upstream, filter::Reason::UpstreamCut);
  });
  EXPECT_TRUE(client.over);
  EXPECT_TRUE(client.pipe.got_reset);
}

TEST(H1SessionTunnel, AppliesBackPressureBothWays) {
  HttpRig rig;
  Client& client = tunnel(rig);
  rig.upstream.last().stream->pause_request(true);
  client.say(std::string(200'000, 'u'));
  EXPECT_GT(client.pipe.unread(), 100'000u);
  test::in_turn(rig.loop(), [&] { rig.upstream.last().stream->pause_request(false); });
  client.pipe.run();
  EXPECT_EQ(rig.upstream.last().body.size(), 200'000u);

  client.pipe.take_at_most(0);
  std::size_t sent = 0;
  while (!rig.upstream.last().paused && sent < 1'000'000) {
    test::in_turn(rig.loop(), [&] { rig.upstream.last().send(std::string(10'000, 'd')); });
    sent += 10'000;
  }
  EXPECT_LT(sent, 100'000u);
  client.pipe.take_all();
  client.pipe.run();
  EXPECT_FALSE(rig.upstream.last().paused);
  EXPECT_EQ(client.heard(), std::string(sent, 'd'));
}

TEST(H1SessionTunnel, RefusesA101BeforeTheRequestIsComplete) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) { exchange.upgrade(); };
  Client& client = rig.connect();
  client.say(
      "POST /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: x\r\n"
      "content-length: 5\r\n\r\nab");
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 502 "));
}

}  // namespace
}  // namespace weir::filters
