#include "core/route/template.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <gtest/gtest.h>

#include "tests/unit/core/route/test_exchange.h"

namespace weir::route {
namespace {

std::string rendered(std::string_view text, TestExchange& exchange) {
  const auto parsed = Template::parse(text);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? std::string(parsed->render(exchange.view, exchange.arena)) : "";
}

std::string error_of(std::string_view text) {
  const auto parsed = Template::parse(text);
  EXPECT_FALSE(parsed) << text;
  return parsed ? "" : parsed.error().message;
}

TEST(Template, ReturnsAConstantAsItIs) {
  TestExchange exchange;
  const auto parsed = Template::parse("no variables");
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->is_constant());
  const std::size_t before = exchange.arena.bytes_held();
  EXPECT_EQ(parsed->render(exchange.view, exchange.arena), "no variables");
  EXPECT_EQ(exchange.arena.bytes_held(), before);
  EXPECT_TRUE(Template().is_constant());
  EXPECT_EQ(Template().render(exchange.view, exchange.arena), "");
  EXPECT_TRUE(Template::parse("100%%")->is_constant());
}

TEST(Template, WritesAPercentSignForTwo) {
  TestExchange exchange;
  EXPECT_EQ(rendered("100%% of %method%%%", exchange), "100% of GET%");
  EXPECT_EQ(rendered("%%method%%", exchange), "%method%");
}

TEST(Template, RendersTheConnection) {
  TestExchange exchange;
  exchange.view.listener = "edge";
  exchange.view.chain = "shop";
  exchange.view.sni = "shop.example";
  EXPECT_EQ(
      rendered("%client_ip% %client_port% %peer_ip% %peer_port% %local_ip% %local_port%", exchange),
      "198.51.100.7 4711 10.0.0.1 4712 2001:db8::1 443");
  EXPECT_EQ(rendered("%listener%/%chain%/%sni%", exchange), "edge/shop/shop.example");
  exchange.view.client_ip = "192.0.2.1";
  EXPECT_EQ(rendered("%client_ip%", exchange), "192.0.2.1");
}

TEST(Template, RendersTheRequest) {
  TestExchange exchange("shop.example", "/a/b", "POST");
  exchange.request.authority = "shop.example:8443";
  exchange.query("?x=1");
  exchange.view.request_id = "id-7";
  EXPECT_EQ(rendered("%method% %scheme% %host% %authority% %path% %query%", exchange),
            "POST https shop.example shop.example:8443 /a/b ?x=1");
  EXPECT_EQ(rendered("%url% %protocol% %request_id%", exchange),
            "https://shop.example:8443/a/b?x=1 HTTP/1.1 id-7");
}

TEST(Template, RendersWhatWasChosenAndAnswered) {
  TestExchange exchange;
  exchange.view.route = "api";
  exchange.view.cluster = "web";
  exchange.view.endpoint = "10.0.0.2:80";
  exchange.response.status = 204;
  exchange.response.headers.add("server", "origin");
  EXPECT_EQ(rendered("%route% %cluster% %endpoint% %status% %response_header.Server%", exchange),
            "api web 10.0.0.2:80 204 origin");
}

TEST(Template, TakesTheFirstOfSeveralValues) {
  TestExchange exchange;
  exchange.header("x-user", "ann").header("x-user", "bob").header("cookie", "a=1; a=2");
  exchange.query("?q=one+two&q=3");
  EXPECT_EQ(rendered("%header.X-User% %cookie.a% %query.q%", exchange), "ann 1 one two");
  EXPECT_EQ(rendered("%header.host%", exchange), "shop.example");
}

TEST(Template, RendersVariablesOfEachType) {
  TestExchange exchange;
  ASSERT_TRUE(exchange.vars.set("tenant", std::string_view("acme")));
  ASSERT_TRUE(exchange.vars.set("score", std::int64_t{7}));
  EXPECT_EQ(rendered("%var.tenant%:%var.score%", exchange), "acme:7");
}

TEST(Template, RendersTheTimeInUtc) {
  TestExchange exchange;
  const std::string time = rendered("%time%", exchange);
  std::string shape = time;
  for (char& c : shape) c = std::isdigit(static_cast<unsigned char>(c)) ? '9' : c;
  EXPECT_EQ(shape, "9999-99-99T99:99:99.999Z") << time;
}

TEST(Template, RendersNothingForWhatIsNotKnown) {
  ExchangeView nothing;
  Arena arena;
  for (const Template::Name& name : Template::names()) {
    if (name.name == "time") continue;
    const auto parsed = Template::parse("<%" + std::string(name.name) + "%>");
    ASSERT_TRUE(parsed) << name.name;
    EXPECT_EQ(parsed->render(nothing, arena), "<>") << name.name;
    EXPECT_FALSE(name.doc.empty());
  }
}

TEST(Template, NeverLetsAValueEndALine) {
  TestExchange exchange;
  exchange.query("?q=a%0d%0aset-cookie:%20x%00%7f%09");
  EXPECT_EQ(rendered("%query.q%", exchange), "a__set-cookie: x___");
}

TEST(Template, NamesTheNearestVariable) {
  EXPECT_NE(error_of("%clientip%").find("did you mean %client_ip%?"), std::string::npos);
  EXPECT_NE(error_of("%heder.x%").find("did you mean %header.NAME%?"), std::string::npos);
  EXPECT_NE(error_of("%hots%").find("did you mean %host%?"), std::string::npos);
  EXPECT_EQ(error_of("%zzzzzzzzzzzz%").find("did you mean"), std::string::npos);
}

TEST(Template, RefusesWhatItCannotRead) {
  EXPECT_NE(error_of("50% off").find("%%"), std::string::npos);
  EXPECT_NE(error_of("%header.%").find("needs a name"), std::string::npos);
  EXPECT_NE(error_of("%header%").find("%header.NAME%"), std::string::npos);
  EXPECT_NE(error_of("%header.a b%").find("no header name"), std::string::npos);
  EXPECT_NE(error_of("%method.x%").find("no variable"), std::string::npos);
  EXPECT_NE(error_of("%METHOD%").find("no variable"), std::string::npos);
}

TEST(Template, KeepsItsSource) {
  EXPECT_EQ(Template::parse("a%%%path%")->source(), "a%%%path%");
}

TEST(Template, TellsWhichOfSomeVariablesItHas) {
  constexpr std::array<std::string_view, 3> kLate = {"status", "endpoint", "response_header.NAME"};
  EXPECT_EQ(Template::parse("%path% %endpoint% %status%")->first_of(kLate), "endpoint");
  EXPECT_EQ(Template::parse("%response_header.x%")->first_of(kLate), "response_header.NAME");
  EXPECT_EQ(Template::parse("%header.status% status %%")->first_of(kLate), "");
}

}  // namespace
}  // namespace weir::route
