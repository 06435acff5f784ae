#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"

namespace weir::filters {
namespace {

using test::Exchange;
using test::HttpRig;
using Client = HttpRig::Client;

void expect_refused(std::string_view request, std::string_view status, filter::Reason why) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say(request);
  const std::string answer = client.heard();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::string(status))) << request << answer;
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos) << request;
  EXPECT_TRUE(client.pipe.got_fin) << request;
  EXPECT_EQ(rig.upstream.exchanges.size(), 0u) << request;
  ASSERT_EQ(rig.observer.records.size(), 1u) << request;
  EXPECT_EQ(rig.observer.records[0].why, why) << request;
  EXPECT_EQ(rig.observer.records[0].phase, filter::Phase::Head) << request;
}

TEST(H1SessionRefusal, AnswersABadRequestWith400AndCloses) {
  using filter::Reason;
  expect_refused("GET / HTTP/1.1\r\n\r\n", "400 ", Reason::BadRequest);
  expect_refused("GET / HTTP/1.1\nhost: a\n\n", "400 ", Reason::BadRequest);
  expect_refused("GET / HTTP/1.1\r\nhost : a\r\n\r\n", "400 ", Reason::BadRequest);
  expect_refused("\x16\x03\x01 hello", "400 ", Reason::BadRequest);
  expect_refused(
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
      "400 ", Reason::BadRequest);
  expect_refused("GET /../x HTTP/1.1\r\nhost: a\r\n\r\n", "400 ", Reason::BadRequest);
  expect_refused("GET / HTTP/2.0\r\nhost: a\r\n\r\n", "505 ", Reason::NotSupported);
  expect_refused("CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n", "501 ", Reason::NotSupported);
  expect_refused("GET /" + std::string(9'000, 'x') + " HTTP/1.1\r\nhost: a\r\n\r\n", "414 ",
                 Reason::HeadTooLarge);
  expect_refused("GET / HTTP/1.1\r\nhost: a\r\nx: " + std::string(70'000, 'x') + "\r\n\r\n", "431 ",
                 Reason::HeadTooLarge);
}

TEST(H1SessionRefusal, RefusesBadBytesHoweverTheyAreSplit) {
  const std::string request = "GET / HTTP/1.1\r\nhost: a\r\nx y: 1\r\n\r\n";
  for (std::size_t split = 1; split < request.size(); ++split) {
    HttpRig rig;
    Client& client = rig.connect();
    client.say(std::string_view(request).substr(0, split));
    client.say(std::string_view(request).substr(split));
    EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 400 ")) << split;
    EXPECT_EQ(rig.observer.records.size(), 1u) << split;
  }
}

TEST(H1SessionRefusal, ReadsNoRequestBehindABadOne) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n");
  client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  EXPECT_EQ(rig.upstream.exchanges.size(), 0u);
  EXPECT_EQ(rig.observer.records.size(), 1u);
}

TEST(H1SessionRefusal, AcceptsALargeHeadWithinTheLimit) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond("ok"); };
  Client& client = rig.connect();
  client.pipe.read_limit = 1'000;
  const std::string value(50'000, 'v');
  client.say("GET / HTTP/1.1\r\nhost: a\r\nx: " + value + "\r\n\r\n");
  EXPECT_TRUE(client.heard().ends_with("ok"));
  EXPECT_EQ(rig.upstream.last().header("x"), value);
}

TEST(H1SessionRefusal, AnswersASlowHeadWith408) {
  HttpRig rig;
  rig.settings().header_timeout = std::chrono::milliseconds(15);
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\nuser-agent: slow\r\n");
  rig.wait_for([&] { return client.pipe.got_fin; });
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 408 "));
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::HeaderTimeout);
  EXPECT_EQ(rig.observer.records[0].phase, filter::Phase::Head);
}

TEST(H1SessionRefusal, DoesNotTrustTheHeadTimeoutToDribble) {
  HttpRig rig;
  rig.settings().header_timeout = std::chrono::milliseconds(30);
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\nx: ");
  // Each byte comes in time, the head does not.
  rig.wait_for([&] {
    client.pipe.send("y");
    return client.pipe.got_fin;
  });
  EXPECT_TRUE(client.heard().starts_with("HTTP/1.1 408 "));
}

TEST(H1SessionRefusal, KeepsNoViewOfAHeadThatAResetTookAway) {
  HttpRig rig;
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\nuser-agent: gone\r\nreferer: http://gone/\r\n");
  client.pipe.send_reset();
  client.pipe.run();
  EXPECT_TRUE(client.over);
  ASSERT_EQ(rig.observer.records.size(), 1u);
  EXPECT_EQ(rig.observer.records[0].why, filter::Reason::ClientReset);
  EXPECT_EQ(rig.observer.records[0].phase, filter::Phase::Head);
}

TEST(H1SessionRefusal, EndsQuietlyWithAClientThatLeavesInTheMiddle) {
  for (const std::string_view part :
       {"GET / HT", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nab",
        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: "}) {
    HttpRig rig;
    Client& client = rig.connect();
    client.pipe.send(part);
    client.pipe.send_fin();
    client.pipe.run();
    EXPECT_TRUE(client.over) << part;
    EXPECT_EQ(client.heard(), "") << part;
    ASSERT_EQ(rig.observer.records.size(), 1u) << part;
    EXPECT_EQ(rig.observer.records[0].why, filter::Reason::ClientReset) << part;
    for (const auto& exchange : rig.upstream.exchanges) EXPECT_EQ(exchange->cancels, 1) << part;
  }
}

TEST(H1SessionRefusal, TellsTheReasonToATrustedClientOnly) {
  for (const bool trusted : {false, true}) {
    HttpRig rig;
    if (trusted) rig.trust("192.0.2.0/24");
    rig.upstream.on_end = [](Exchange& exchange) {
      exchange.stream->reply({.status = 503, .why = filter::Reason::QueueFull});
    };
    Client& client = rig.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    EXPECT_EQ(client.heard().find("x-weir-reason: queue_full") != std::string::npos, trusted);
  }
}

}  // namespace
}  // namespace weir::filters
