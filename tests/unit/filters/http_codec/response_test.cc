#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"

namespace weir::filters {
namespace {

using test::Exchange;
using test::HttpRig;
using Client = HttpRig::Client;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
constexpr std::string_view kOldGet = "GET / HTTP/1.0\r\n\r\n";
constexpr std::string_view kHead = "HEAD / HTTP/1.1\r\nhost: a\r\n\r\n";

std::string body_of(std::string_view message) {
  return std::string(message.substr(message.find("\r\n\r\n") + 4));
}

TEST(H1SessionResponse, SendsAResponseOfUnknownLengthInChunks) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(kGet);
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().head(200);
    rig.upstream.last().send("one");
  });
  test::in_turn(rig.loop(), [&] { rig.upstream.last().send("two!"); });
  test::in_turn(rig.loop(), [&] { rig.upstream.last().end(); });
  const std::string answer = client.heard();
  EXPECT_NE(answer.find("transfer-encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(body_of(answer), "3\r\none\r\n4\r\ntwo!\r\n0\r\n\r\n");
  EXPECT_FALSE(client.over);
}

TEST(H1SessionResponse, PassesTrailersInChunks) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.head(200);
    exchange.send("x");
    exchange.send_trailers({{"x-sum", "7"}});
  };
  Client& client = rig.connect();
  client.say(kGet);
  EXPECT_EQ(body_of(client.heard()), "1\r\nx\r\n0\r\nx-sum: 7\r\n\r\n");
  client.say(kGet);
  EXPECT_EQ(body_of(client.heard()), "1\r\nx\r\n0\r\nx-sum: 7\r\n\r\n");
}

TEST(H1SessionResponse, EndsAResponseToAnHttp10ClientWithTheConnection) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.head(200);
    exchange.send("all of it", true);
  };
  Client& client = rig.connect();
  client.say("GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
  const std::string answer = client.heard();
  EXPECT_EQ(answer.find("transfer-encoding"), std::string::npos);
  EXPECT_EQ(answer.find("content-length"), std::string::npos);
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  EXPECT_EQ(body_of(answer), "all of it");
  EXPECT_TRUE(client.pipe.got_fin || client.over);
  EXPECT_FALSE(client.pipe.got_reset);
}

TEST(H1SessionResponse, SendsNoBodyToHeadButItsLength) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.head_only(200, {{"content-length", "1234"}});
  };
  Client& client = rig.connect();
  client.say(kHead);
  const std::string answer = client.heard();
  EXPECT_NE(answer.find("content-length: 1234\r\n"), std::string::npos);
  EXPECT_EQ(body_of(answer), "");
  client.say(kHead);
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 200 "));
}

TEST(H1SessionResponse, DropsABodyThatAFilterMadeForHead) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond("not for HEAD"); };
  Client& client = rig.connect();
  client.say(kHead);
  const std::string answer = client.heard();
  EXPECT_NE(answer.find("content-length: 12\r\n"), std::string::npos);
  EXPECT_EQ(body_of(answer), "");
  EXPECT_FALSE(client.pipe.got_fin);
}

TEST(H1SessionResponse, SendsNoBodyWith204And304) {
  for (const std::uint16_t status : {std::uint16_t{204}, std::uint16_t{304}}) {
    HttpRig rig;
    rig.upstream.on_end = [&](Exchange& exchange) { exchange.respond("nobody reads", status); };
    Client& client = rig.connect();
    client.say(kGet);
    EXPECT_EQ(body_of(client.heard()), "") << status;
    client.say(kGet);
    EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 " + std::to_string(status))) << status;
    rig.upstream.on_end = [&](Exchange& exchange) {
      exchange.head(status);
      exchange.send("nobody reads", true);
    };
    client.say(kGet);
    EXPECT_EQ(body_of(client.heard()), "") << status;
  }
}

TEST(H1SessionResponse, PromisesNoBodyWhereThereIsNone) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.stream->response().headers.clear();
    exchange.stream->response().status = 200;
    exchange.stream->response().body = http::BodyKind::Length;
    exchange.stream->response().content_length = 5;
    exchange.stream->respond_head(true);
  };
  Client& client = rig.connect();
  client.say(kGet);
  EXPECT_NE(client.heard().find("content-length: 0\r\n"), std::string::npos);
}

TEST(H1SessionResponse, CutsABodyThatIsLargerThanItsLength) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(kGet);
  const std::uint64_t length = 5;
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().head(200, &length);
    rig.upstream.last().send("abc");
    rig.upstream.last().send("defgh");
  });
  EXPECT_EQ(body_of(client.heard()), "abc");
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_EQ(rig.upstream.last().cancels, 1);
  EXPECT_EQ(rig.observer.records.at(0).why, filter::Reason::FilterFailed);
}

TEST(H1SessionResponse, CutsABodyThatIsShorterThanItsLength) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(std::string(kGet) + std::string(kGet));
  const std::uint64_t length = 5;
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().head(200, &length);
    rig.upstream.last().send("abc", true);
  });
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_EQ(rig.upstream.exchanges.size(), 1u);
}

TEST(H1SessionResponse, CutsABodyThatTrailersEndTooEarly) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(std::string(kGet) + std::string(kGet));
  const std::uint64_t length = 5;
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().head(200, &length);
    rig.upstream.last().send("abc");
    rig.upstream.last().send_trailers({{"x", "y"}});
  });
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_EQ(rig.upstream.exchanges.size(), 1u);
}

TEST(H1SessionResponse, ResetsAResponseThatEndsWithTheConnectionWhenItIsCut) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(kOldGet);
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().head(200);
    rig.upstream.last().send("part");
  });
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().stream->cut(filter::EndedBy::Upstream, filter::Reason::UpstreamCut);
  });
  EXPECT_TRUE(client.over);
  EXPECT_TRUE(client.pipe.got_reset);
  EXPECT_FALSE(client.pipe.got_fin);
  EXPECT_EQ(rig.observer.records.at(0).why, filter::Reason::UpstreamCut);
}

TEST(H1SessionResponse, EndsACutResponseInChunksWithoutTheLastChunk) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(kGet);
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().head(200);
    rig.upstream.last().send("part");
  });
  test::in_turn(rig.loop(), [&] {
    rig.upstream.last().stream->cut(filter::EndedBy::Upstream, filter::Reason::UpstreamCut);
  });
  EXPECT_EQ(body_of(client.heard()), "4\r\npart\r\n");
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_EQ(rig.upstream.last().cancels, 0);
}

TEST(H1SessionResponse, AnswersWith502WhenTheUpstreamFailsBeforeItsHead) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.stream->cut(filter::EndedBy::Upstream, filter::Reason::UpstreamReset);
  };
  Client& client = rig.connect();
  client.say(kGet);
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 502 "));
  EXPECT_FALSE(client.pipe.got_fin);
  EXPECT_EQ(rig.observer.records.at(0).why, filter::Reason::UpstreamReset);
}

TEST(H1SessionResponse, PausesTheUpstreamWhileTheClientDoesNotRead) {
  HttpRig rig;
  Client& client = rig.connect();
  client.pipe.take_at_most(1'000);
  client.say(kGet);
  const std::string piece(16'000, 'p');
  test::in_turn(rig.loop(), [&] { rig.upstream.last().head(200); });
  std::size_t sent = 0;
  while (!rig.upstream.last().paused && sent < 1'000'000) {
    test::in_turn(rig.loop(), [&] { rig.upstream.last().send(piece); });
    sent += piece.size();
  }
  EXPECT_LT(sent, 100'000u);
  client.pipe.take_at_most(10'000);
  client.pipe.run();
  EXPECT_TRUE(rig.upstream.last().paused);
  client.pipe.take_all();
  client.pipe.run();
  EXPECT_FALSE(rig.upstream.last().paused);
  test::in_turn(rig.loop(), [&] { rig.upstream.last().end(); });
  EXPECT_GT(client.heard().size(), sent);
}

TEST(H1SessionResponse, CancelsTheUpstreamOnceWhenTheClientResets) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(kGet);
  client.pipe.send_reset();
  client.pipe.run();
  EXPECT_TRUE(client.over);
  EXPECT_EQ(rig.upstream.last().cancels, 1);
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::ClientReset);
  EXPECT_EQ(rig.observer.records[0].status, 0);
}

TEST(H1SessionResponse, SeesAResetWhileItReadsNothing) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) { exchange.stream->pause_request(true); };
  Client& client = rig.connect();
  client.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n");
  client.pipe.send_reset();
  client.pipe.run();
  EXPECT_TRUE(client.over);
  EXPECT_EQ(rig.upstream.last().cancels, 1);
}

}  // namespace
}  // namespace weir::filters
