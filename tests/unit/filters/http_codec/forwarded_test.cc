#include <gtest/gtest.h>

#include "tests/support/unit/http_rig.h"

namespace weir::filters {
namespace {

using test::Exchange;
using test::HttpRig;
using Client = HttpRig::Client;

// What upstream gets of a request with `fields`, from a client at 192.0.2.7.
Exchange& forwarded(HttpRig& rig, std::string_view fields, bool trusted = false) {
  if (trusted) rig.trust("192.0.2.0/24");
  rig.upstream.on_end = [](Exchange& exchange) { exchange.respond("ok"); };
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\nhost: Shop.example:8080\r\n" + std::string(fields) + "\r\n");
  EXPECT_TRUE(client.pipe.received.starts_with("HTTP/1.1 200 ")) << client.pipe.received;
  return rig.upstream.last();
}

TEST(Forwarded, SaysWhoTheClientIs) {
  HttpRig rig;
  const Exchange& seen = forwarded(rig, "");
  EXPECT_EQ(seen.header("x-forwarded-for"), "192.0.2.7");
  EXPECT_EQ(seen.header("x-forwarded-proto"), "http");
  EXPECT_EQ(seen.header("x-forwarded-host"), "shop.example:8080");
  EXPECT_EQ(rig.observer.records.at(0).client, "192.0.2.7");
}

TEST(Forwarded, ReplacesWhatAStrangerSays) {
  HttpRig rig;
  const Exchange& seen = forwarded(
      rig,
      "x-forwarded-for: 10.0.0.1\r\nx-forwarded-proto: https\r\nx-forwarded-host: evil\r\n"
      "forwarded: for=10.0.0.1\r\nx-forwarded-for: 10.0.0.2\r\n");
  EXPECT_EQ(seen.header("x-forwarded-for"), "192.0.2.7");
  EXPECT_EQ(seen.header("x-forwarded-proto"), "http");
  EXPECT_EQ(seen.header("x-forwarded-host"), "shop.example:8080");
  EXPECT_EQ(seen.header("forwarded"), "");
  EXPECT_EQ(rig.observer.records.at(0).client, "192.0.2.7");
}

TEST(Forwarded, PassesNothingOnThatAStrangerSaysEvenWhenItSaysNothingItself) {
  HttpRig rig;
  rig.settings().forwarded_headers = false;
  const Exchange& seen = forwarded(
      rig,
      "x-forwarded-for: 10.0.0.1\r\nx-forwarded-proto: https\r\nx-forwarded-host: evil\r\n"
      "x-forwarded-port: 443\r\nx-forwarded-prefix: /x\r\nx-real-ip: 10.0.0.1\r\n"
      "forwarded: for=10.0.0.1\r\nx-kept: 1\r\n");
  for (const char* name : {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
                           "x-forwarded-port", "x-forwarded-prefix", "x-real-ip", "forwarded"}) {
    EXPECT_EQ(seen.header(name), "") << name;
  }
  EXPECT_EQ(seen.header("x-kept"), "1");
}

TEST(Forwarded, TakesTheSchemeFromATrustedProxy) {
  HttpRig rig;
  forwarded(rig, "x-forwarded-proto: HTTPS\r\n", true);
  EXPECT_EQ(rig.observer.records.at(0).scheme, "https");
  HttpRig other;
  forwarded(other, "x-forwarded-proto: https\r\n");
  EXPECT_EQ(other.observer.records.at(0).scheme, "http");
}

TEST(Forwarded, BelievesATrustedProxy) {
  HttpRig rig;
  const Exchange& seen =
      forwarded(rig,
                "x-forwarded-for: 203.0.113.9, 198.51.100.4\r\nx-forwarded-for: 192.0.2.99\r\n"
                "x-forwarded-proto: https\r\nx-forwarded-host: public.example\r\n",
                true);
  EXPECT_EQ(seen.header("x-forwarded-for"), "203.0.113.9, 198.51.100.4, 192.0.2.99, 192.0.2.7");
  EXPECT_EQ(seen.header("x-forwarded-proto"), "https");
  EXPECT_EQ(seen.header("x-forwarded-host"), "public.example");
  // The last that is not a trusted proxy itself.
  EXPECT_EQ(rig.observer.records.at(0).client, "198.51.100.4");
}

TEST(Forwarded, StopsBelievingWhereTheListIsNoAddress) {
  HttpRig rig;
  forwarded(rig, "x-forwarded-for: 203.0.113.9, unknown, 192.0.2.99\r\n", true);
  EXPECT_EQ(rig.observer.records.at(0).client, "192.0.2.99");
}

TEST(Forwarded, MakesARequestIdAndReturnsIt) {
  HttpRig rig;
  const Exchange& seen = forwarded(rig, "x-request-id: forged\r\n");
  const std::string id = seen.header("x-request-id");
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
  EXPECT_EQ(rig.observer.records.at(0).id, id);
}

TEST(Forwarded, ReturnsTheRequestIdThatItSent) {
  HttpRig rig;
  rig.upstream.on_end = [](Exchange& exchange) {
    exchange.respond("ok", 200, {{"x-request-id", "of the origin"}});
  };
  Client& client = rig.connect();
  client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  const std::string id = rig.upstream.last().header("x-request-id");
  EXPECT_NE(client.pipe.received.find("x-request-id: " + id + "\r\n"), std::string::npos);
  EXPECT_EQ(client.pipe.received.find("of the origin"), std::string::npos);
}

TEST(Forwarded, KeepsTheRequestIdOfATrustedProxy) {
  HttpRig rig;
  const Exchange& seen = forwarded(rig, "x-request-id: trace-42\r\n", true);
  EXPECT_EQ(seen.header("x-request-id"), "trace-42");
  EXPECT_EQ(rig.observer.records.at(0).id, "trace-42");
}

TEST(Forwarded, ReplacesAnUnsoundRequestIdOfATrustedProxy) {
  HttpRig rig;
  const Exchange& seen = forwarded(rig, "x-request-id: two words\r\n", true);
  EXPECT_EQ(seen.header("x-request-id").size(), 32u);
}

TEST(Forwarded, SaysNothingWhenItIsSwitchedOff) {
  HttpRig rig;
  rig.settings().forwarded_headers = false;
  rig.settings().request_id = false;
  const Exchange& seen = forwarded(rig, "");
  EXPECT_EQ(seen.header("x-forwarded-for"), "");
  EXPECT_EQ(seen.header("x-request-id"), "");
  EXPECT_EQ(rig.observer.records.at(0).id.size(), 32u);
}

TEST(Forwarded, RemovesWhatBelongsToTheConnection) {
  HttpRig rig;
  const Exchange& seen =
      forwarded(rig, "connection: keep-alive, x-hop\r\nx-hop: 1\r\nkeep-alive: 5\r\n");
  EXPECT_EQ(seen.header("x-hop"), "");
  EXPECT_EQ(seen.header("keep-alive"), "");
  EXPECT_EQ(seen.header("connection"), "");
}

}  // namespace
}  // namespace weir::filters
