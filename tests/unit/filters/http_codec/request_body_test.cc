#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"

namespace weir::filters {
namespace {

using test::Exchange;
using test::HttpRig;
using Client = HttpRig::Client;

constexpr std::string_view kPost = "POST /p HTTP/1.1\r\nhost: a\r\n";

std::string with_length(std::string_view body) {
  return std::string(kPost) + "content-length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

std::string chunked(std::string_view rest) {
  return std::string(kPost) + "transfer-encoding: chunked\r\n\r\n" + std::string(rest);
}

// Sends `request` in two parts, split at every place; each time a next request must be answered.
void expect_body_at_every_split(const std::string& request, std::string_view body,
                                std::string_view trailer = {}) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond("ok"); };
  Client& client = rig.connect();
  for (std::size_t split = 1; split <= request.size(); ++split) {
    client.say(std::string_view(request).substr(0, split));
    client.say(std::string_view(request).substr(split));
    const Exchange& exchange = rig.upstream.last();
    ASSERT_EQ(rig.upstream.exchanges.size(), split);
    ASSERT_TRUE(exchange.ended) << split;
    ASSERT_EQ(exchange.body, body) << split;
    if (!trailer.empty()) {
      ASSERT_EQ(exchange.trailers.size(), 1u);
      ASSERT_EQ(exchange.trailers[0].second, trailer);
    }
    ASSERT_TRUE(client.heard().ends_with("\r\n\r\nok")) << split;
    ASSERT_EQ(rig.reactor.blocks().bytes_in_use(), 0u) << split;
  }
}

TEST(H1SessionBody, PassesABodyWithContentLengthAtEverySplit) {
  expect_body_at_every_split(with_length("hello world"), "hello world");
}

TEST(H1SessionBody, PassesAChunkedBodyAtEverySplit) {
  expect_body_at_every_split(chunked("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"), "hello world");
}

TEST(H1SessionBody, PassesTrailersAtEverySplit) {
  expect_body_at_every_split(chunked("5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n"), "hello", "7");
}

TEST(H1SessionBody, PassesAnEmptyChunkedBody) {
  expect_body_at_every_split(chunked("0\r\n\r\n"), "");
}

TEST(H1SessionBody, PassesALargeBodyUnderBackPressure) {
  HttpRig rig;
  std::string body(300'000, 'b');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  rig.upstream.on_body = [](Exchange& exchange) {
    if (exchange.stream != nullptr) exchange.stream->pause_request(true);
  };
  Client& client = rig.connect();
  client.say(with_length(body));
  // Nothing more is read than the one read that was too much already.
  EXPECT_LT(rig.upstream.last().body.size(), 70'000u);
  EXPECT_GT(client.pipe.unread(), 200'000u);
  while (!rig.upstream.last().ended) {
    const std::size_t before = rig.upstream.last().body.size();
    test::in_turn(rig.loop(), [&] { rig.upstream.last().stream->pause_request(false); });
    client.pipe.run();
    ASSERT_GT(rig.upstream.last().body.size(), before);
  }
  EXPECT_EQ(rig.upstream.last().body, body);
}

TEST(H1SessionBody, LeavesExpectToTheUpstreamAndPassesIts100On) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) { exchange.inform(100); };
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond("ok"); };
  Client& client = rig.connect();
  client.say(std::string(kPost) + "expect: 100-continue\r\ncontent-length: 2\r\n\r\n");
  EXPECT_EQ(client.heard(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(rig.upstream.last().header("expect"), "100-continue");
  client.say("hi");
  EXPECT_TRUE(client.heard().ends_with("ok"));
  EXPECT_FALSE(client.over);
}

TEST(H1SessionBody, PassesOther1xxBeforeTheResponse) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.inform(103, {{"link", "</a.css>"}});
    exchange.respond("ok");
  };
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\nHTTP/1.1 200 "))
      << answer;
  EXPECT_EQ(answer.find("link", 60), std::string::npos) << answer;
}

TEST(H1SessionBody, SendsNo1xxToAnHttp10Client) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.inform(103);
    exchange.respond("ok");
  };
  Client& client = rig.connect();
  client.say("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 200 OK"));
}

TEST(H1SessionBody, DropsA1xxThatComesAfterTheResponseBegan) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.head(200);
    exchange.inform(103);
    exchange.end();
  };
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  EXPECT_EQ(client.heard().find(" 103 "), std::string::npos);
}

TEST(H1SessionBody, RefusesAnExpectationItDoesNotKnow) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(std::string(kPost) + "expect: tea\r\ncontent-length: 2\r\n\r\n");
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 417 "));
  EXPECT_EQ(rig.upstream.exchanges.size(), 0u);
}

TEST(H1SessionBody, ClosesWithALingerAfterAnEarlyResponse) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) { exchange.respond("enough", 413); };
  Client& client = rig.connect();
  client.say(std::string(kPost) + "content-length: 1000000\r\n\r\n" + std::string(1'000, 'x'));
  EXPECT_TRUE(client.heard().ends_with("enough"));
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_FALSE(client.over);
  // What still comes is read and dropped, so that the response is not lost in a reset.
  client.say(std::string(300'000, 'x'));
  EXPECT_EQ(client.pipe.unread(), 0u);
  EXPECT_FALSE(client.over);
  client.pipe.send_fin();
  client.pipe.run();
  EXPECT_TRUE(client.over);
  EXPECT_EQ(rig.upstream.last().cancels, 0);
}

TEST(H1SessionBody, LetsAnEarlyResponseRunBesideTheRequest) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) { exchange.head(200); };
  rig.upstream.on_body = [](Exchange& exchange) {
    if (!exchange.body.empty()) exchange.send("<" + std::exchange(exchange.body, {}) + ">");
  };
  rig.upstream.on_end = [](Exchange& exchange) { exchange.end(); };
  Client& client = rig.connect();
  client.say(std::string(kPost) + "content-length: 4\r\n\r\n");
  client.heard();
  client.say("ab");
  EXPECT_EQ(client.heard(), "4\r\n<ab>\r\n");
  client.say("cd");
  EXPECT_EQ(client.heard(), "4\r\n<cd>\r\n0\r\n\r\n");
  EXPECT_FALSE(client.pipe.got_fin);
}

TEST(H1SessionBody, BreaksOffABodyThatIsNoChunks) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(chunked("5\r\nhello\r\n"));
  client.say("zz\r\n");
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_EQ(rig.upstream.last().cancels, 1);
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::BadRequest);
  EXPECT_EQ(rig.observer.records[0].ended_by, filter::EndedBy::Client);
}

TEST(H1SessionBody, BreaksOffABadBodyWhoseResponseHasBegun) {
  HttpRig rig;
  rig.upstream.on_head = [](Exchange& exchange) {
    exchange.head(200);
    exchange.send("so far");
  };
  Client& client = rig.connect();
  client.say(chunked("5\r\nhello\r\n"));
  client.say("zz\r\n");
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.ends_with("6\r\nso far\r\n")) << answer;
  EXPECT_TRUE(client.pipe.got_fin);
  EXPECT_EQ(rig.upstream.last().cancels, 1);
  EXPECT_EQ(rig.observer.records.at(0).why, filter::Reason::BadRequest);
}

TEST(H1SessionBody, RefusesForbiddenTrailers) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(chunked("0\r\ncontent-length: 5\r\n\r\n"));
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 400 "));
  EXPECT_EQ(rig.upstream.last().cancels, 1);
}

}  // namespace
}  // namespace weir::filters
