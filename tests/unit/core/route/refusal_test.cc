#include "core/route/refusal.h"

#include <random>

#include <gtest/gtest.h>

#include "core/route/condition.h"
#include "tests/unit/core/route/random_routes.h"
#include "tests/unit/core/route/test_exchange.h"

namespace weir::route {
namespace {

using Kind = TextMatch::Kind;

TextMatch wanted(std::string value, Kind kind = Kind::Exact, bool inverted = false) {
  return {kind, std::move(value), inverted};
}

std::string why(const Match& match, TestExchange& exchange,
                std::vector<std::string> flag_names = {"maintenance"}) {
  exchange.view.client_ip = "198.51.100.7";
  return refusal(match, flag_names, exchange.view).value_or("");
}

TEST(Refusal, IsNothingWhenEveryKeyFits) {
  TestExchange exchange("shop.example", "/a/b");
  Match match;
  EXPECT_EQ(why(match, exchange), "");
  match.hosts = {wanted("*.example")};
  match.prefixes = {"/a"};
  match.methods = {"GET"};
  match.percent = 0;
  EXPECT_EQ(why(match, exchange), "");
}

TEST(Refusal, NamesTheFirstKeyThatDoesNotFitAndBothSidesOfIt) {
  TestExchange exchange("shop.example", "/a/b");
  exchange.query("?page=2").header("x-canary", "0").header("x-canary", "2");
  const auto only = [&](auto Match::*member, auto value) {
    Match match;
    match.*member = std::move(value);
    return why(match, exchange);
  };
  using Texts = std::vector<TextMatch>;
  using Strings = std::vector<std::string>;
  using Named = std::vector<NamedMatch>;
  EXPECT_EQ(only(&Match::hosts, Texts{wanted("a.example"), wanted("*.b.example")}),
            "host: shop.example is not a.example or *.b.example");
  EXPECT_EQ(only(&Match::paths, Texts{wanted(".png", Kind::Suffix), wanted("x", Kind::Contains),
                                      wanted("/z", Kind::Prefix)}),
            "path: /a/b is not ….png, …x… or /z…");
  EXPECT_EQ(only(&Match::prefixes, Strings{"/b"}), "prefix: /a/b is not below /b");
  EXPECT_EQ(only(&Match::regexes, Strings{"/c+"}), "regex: /a/b is not /c+");
  EXPECT_EQ(only(&Match::methods, Strings{"POST", "PUT"}), "methods: GET is not POST or PUT");
  EXPECT_EQ(only(&Match::headers, Named{{"x-canary", {wanted("1")}}}),
            "headers.x-canary: \"0\" or \"2\" is not 1");
  EXPECT_EQ(only(&Match::headers, Named{{"x-other", {wanted("", Kind::Present)}}}),
            "headers.x-other: absent, which is not present");
  EXPECT_EQ(only(&Match::query, Named{{"page", {wanted("2", Kind::Exact, true)}}}),
            "query.page: \"2\" is not not 2");
  EXPECT_EQ(only(&Match::cookies, Named{{"id", {wanted("a*", Kind::Regex)}}}),
            "cookies.id: absent, which is not regex a*");
  EXPECT_EQ(only(&Match::vars, Named{{"tenant", {wanted("")}}}),
            "var.tenant: absent, which is not \"\"");
  EXPECT_EQ(only(&Match::client_ip, std::vector{net::Cidr::parse("10.0.0.0/8").value()}),
            "client_ip: 198.51.100.7 is not in 10.0.0.0/8");
  EXPECT_EQ(only(&Match::sni, Texts{wanted("*.b.example")}), "sni: none is not *.b.example");
  exchange.view.sni = "a.example";
  EXPECT_EQ(only(&Match::sni, Texts{wanted("*.b.example")}), "sni: a.example is not *.b.example");
  EXPECT_EQ(only(&Match::sni, Texts{wanted("*.example")}), "");
  EXPECT_EQ(only(&Match::alpn, Strings{"h2"}), "alpn: none is not h2");
  const Strings offered{"h2", "http/1.1"};
  exchange.view.alpn = offered;
  EXPECT_EQ(only(&Match::alpn, Strings{"h3", "h2c"}), "alpn: h2 or http/1.1 is not h3 or h2c");
  EXPECT_EQ(only(&Match::alpn, Strings{"http/1.1"}), "");
  EXPECT_EQ(only(&Match::ports, std::vector<PortRange>{{80, 80}, {8000, 8999}}),
            "port: 443 is not 80 or 8000-8999");
  EXPECT_EQ(only(&Match::flags, Strings{"maintenance"}), "flag: maintenance is not on");
}

TEST(Refusal, AgreesWithTheRoutesThemselves) {
  std::mt19937 random(1);
  RandomRoutes words([&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); });
  int fits = 0;
  constexpr int kRounds = 2000;
  for (int i = 0; i < kRounds; ++i) {
    for (const Route& route : words.routes(3)) {
      TestExchange exchange;
      words.fill(exchange);
      const auto condition = Condition::compile(route.match, words.flag_names(), 0);
      ASSERT_TRUE(condition) << condition.error().message;
      const bool refused = refusal(route.match, words.flag_names(), exchange.view).has_value();
      ASSERT_EQ(refused, !condition->matches(exchange.view)) << "round " << i;
      fits += refused ? 0 : 1;
    }
  }
  EXPECT_GT(fits, kRounds / 10);
}

}  // namespace
}  // namespace weir::route
