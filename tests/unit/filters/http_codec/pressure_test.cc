#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"

namespace weir::filters {
namespace {

using test::Exchange;
using test::HttpRig;
using test::in_turn;
using Client = HttpRig::Client;

constexpr std::string_view kGetX = "GET /x HTTP/1.1\r\nhost: a\r\n\r\n";

TEST(H1SessionUnderPressure, KeepsNoConnectionAlive) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond("hello"); };
  Client& client = rig.connect();
  client.say(kGetX);
  EXPECT_EQ(client.heard().find("connection: close"), std::string::npos);
  rig.reactor.set_pressure(Pressure::High);
  client.say(kGetX);
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(client.pipe.got_fin);
}

TEST(H1SessionUnderPressure, RefusesNewRequestsWhenItIsCritical) {
  HttpRig rig;
  rig.settings().local_replies.reason = filter::LocalReplies::ReasonHeader::All;
  Client& client = rig.connect();
  rig.reactor.set_pressure(Pressure::Critical);
  client.say(kGetX);
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("x-weir-reason: overload\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(rig.upstream.exchanges.empty());
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::Overload);
  EXPECT_EQ(rig.observer.records[0].ended_by, filter::EndedBy::Weir);
}

TEST(H1SessionUnderPressure, FinishesWhatWasUnderWayBefore) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say("POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbo");
  rig.reactor.set_pressure(Pressure::Critical);
  client.say("dy");
  EXPECT_EQ(rig.upstream.last().body, "body");
  in_turn(rig.loop(), [&] { rig.upstream.last().respond("hello"); });
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(H1SessionUnderPressure, ClosesOnlyWhatIdles) {
  HttpRig rig;
  Client& fresh = rig.connect();
  Client& busy = rig.connect();
  busy.say(kGetX);
  Client& begun = rig.connect();
  begun.say("GET /");
  Client& arrived = rig.connect();
  arrived.pipe.send(kGetX);
  const auto closes = [&](Client& client) {
    bool closed = false;
    in_turn(rig.loop(), [&] { closed = client.downstream->close_if_idle(); });
    return closed;
  };
  EXPECT_TRUE(closes(fresh));
  EXPECT_TRUE(fresh.over);
  EXPECT_FALSE(closes(busy));
  EXPECT_FALSE(closes(begun));
  EXPECT_FALSE(closes(arrived));
  in_turn(rig.loop(), [&] { rig.upstream.exchanges[0]->respond("hello"); });
  EXPECT_TRUE(closes(busy));
  arrived.pipe.run();
  EXPECT_EQ(rig.upstream.exchanges.size(), 2u);
}

TEST(H1SessionUnderPressure, WeighsWhatItHolds) {
  HttpRig rig;
  Client& client = rig.connect();
  EXPECT_EQ(client.downstream->memory(), 0u);
  client.pipe.take_at_most(0);
  client.say(kGetX);
  const std::size_t light = client.downstream->memory();
  EXPECT_GT(light, BlockPool::kBlockSize);
  in_turn(rig.loop(), [&] { rig.upstream.last().respond(std::string(50'000, 'x')); });
  EXPECT_GT(client.downstream->memory(), light + 40'000);
}

TEST(H1SessionUnderPressure, SaysOverloadWhenAConnectionIsShed) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(kGetX);
  in_turn(rig.loop(), [&] { client.downstream->shed(); });
  EXPECT_TRUE(client.over);
  EXPECT_TRUE(client.pipe.got_reset);
  EXPECT_EQ(rig.upstream.last().cancels, 1);
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::Overload);
  EXPECT_EQ(rig.observer.records[0].ended_by, filter::EndedBy::Weir);
}

}  // namespace
}  // namespace weir::filters
