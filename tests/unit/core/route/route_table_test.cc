#include "core/route/route_table.h"

#include <functional>

#include <gtest/gtest.h>

#include "tests/unit/core/route/test_exchange.h"

namespace weir::route {
namespace {

using Kind = TextMatch::Kind;

TextMatch text(std::string value, Kind kind = Kind::Exact) {
  return {kind, std::move(value), false};
}
TextMatch no(TextMatch match) {
  match.inverted = true;
  return match;
}

Route route(std::string name, const std::function<void(Match&)>& fill) {
  Route made;
  made.name = std::move(name);
  fill(made.match);
  return made;
}
Route rest(std::string name = "rest") {
  return route(std::move(name), [](Match&) {});
}

class Table {
 public:
  explicit Table(std::vector<Route> routes, std::vector<std::string> flags = {})
      : table_(RouteTable::compile("t", std::move(routes), std::move(flags)).value()) {}

  RouteTable::Choice choice(const TestExchange& exchange) const {
    return table_->find(exchange.view);
  }
  // The name of the route that is found, "-" without one.
  std::string find(const TestExchange& exchange) const {
    const Route* found = choice(exchange).route;
    return found == nullptr ? "-" : found->name;
  }
  std::string find(std::string_view host, std::string_view path = "/",
                   std::string_view method = "GET") const {
    return find(TestExchange(host, path, method));
  }
  const RouteTable& operator*() const { return *table_; }

 private:
  std::unique_ptr<RouteTable> table_;
};

// Whether a table of this one route finds it.
bool matches(const std::function<void(Match&)>& fill, const TestExchange& exchange) {
  return Table({route("r", fill)}).find(exchange) == "r";
}

TEST(RouteTable, FindsNothingInAnEmptyList) {
  EXPECT_EQ(Table({}).find("a", "/"), "-");
}

TEST(RouteTable, NumbersItsRoutesAndKnowsItsName) {
  const Table table({rest("a"), rest("b")});
  EXPECT_EQ((*table).name(), "t");
  EXPECT_EQ((*table).routes()[1].index, 1u);
}

TEST(RouteTable, TakesTheFirstInWrittenOrderAndNotTheNearest) {
  const Table table({route("prefix", [](Match& m) { m.prefixes = {"/a"}; }),
                     route("exact", [](Match& m) { m.paths = {text("/a/b")}; }),
                     route("host", [](Match& m) { m.hosts = {text("x.y")}; }), rest()});
  EXPECT_EQ(table.find("x.y", "/a/b"), "prefix");
  EXPECT_EQ(table.find("x.y", "/b"), "host");
  EXPECT_EQ(table.find("z", "/b"), "rest");
}

TEST(RouteTable, MergesAllKindsOfHostsAndPathsByWrittenOrder) {
  const auto host = [](std::string name, std::string of, std::string method) {
    return route(std::move(name), [&](Match& m) {
      m.hosts = {text(std::move(of))};
      m.methods = {std::move(method)};
    });
  };
  const Table table({host("wild", "*.x", "A"), host("exact", "a.x", "B"), host("any", "*", "C"),
                     host("deep", "*.b.x", "D"),
                     route("regex",
                           [](Match& m) {
                             m.regexes = {"/r.*"};
                             m.methods = {"E"};
                           }),
                     route("path", [](Match& m) { m.paths = {text("/r")}; }), rest()});
  EXPECT_EQ(table.find("a.x", "/", "A"), "wild");
  EXPECT_EQ(table.find("a.x", "/", "B"), "exact");
  EXPECT_EQ(table.find("a.x", "/", "C"), "any");
  EXPECT_EQ(table.find("a.b.x", "/", "A"), "wild");
  EXPECT_EQ(table.find("a.b.x", "/", "D"), "deep");
  EXPECT_EQ(table.find("a.b.x", "/r", "E"), "regex");
  EXPECT_EQ(table.find("a.b.x", "/r", "F"), "path");
  EXPECT_EQ(table.find("a.b.x", "/x", "F"), "rest");
}

TEST(RouteTable, MatchesHostsExactlyOrByWholeLabels) {
  const Table table({route("wild", [](Match& m) { m.hosts = {text("*.shop.example")}; }),
                     route("exact", [](Match& m) { m.hosts = {text("shop.example")}; })});
  EXPECT_EQ(table.find("shop.example"), "exact");
  EXPECT_EQ(table.find("a.shop.example"), "wild");
  EXPECT_EQ(table.find("a.b.shop.example"), "wild");
  EXPECT_EQ(table.find("myshop.example"), "-");
  EXPECT_EQ(table.find("shop.example.evil"), "-");
  EXPECT_EQ(table.find(""), "-");
}

TEST(RouteTable, MatchesHostsByOtherKindsToo) {
  const auto host = [](const TextMatch& match, std::string_view value) {
    return matches([&](Match& m) { m.hosts = {text("exact"), match}; }, TestExchange(value));
  };
  EXPECT_TRUE(host(text("shop.", Kind::Prefix), "shop.example"));
  EXPECT_TRUE(host(text("[a-z]+\\.example", Kind::Regex), "shop.example"));
  EXPECT_FALSE(host(text("[a-z]+\\.example", Kind::Regex), "a.shop.example"));
  EXPECT_TRUE(host(no(text("shop.example")), "other.example"));
  EXPECT_FALSE(host(no(text("shop.example")), "shop.example"));
  EXPECT_FALSE(host(no(text("*.example")), "shop.example"));
  EXPECT_TRUE(host(text("*"), ""));
}

TEST(RouteTable, MatchesPrefixesByWholeSegments) {
  const auto prefix = [](std::string written, std::string_view path) {
    return matches([&](Match& m) { m.prefixes = {std::move(written)}; }, TestExchange("h", path));
  };
  EXPECT_TRUE(prefix("/a", "/a"));
  EXPECT_TRUE(prefix("/a", "/a/"));
  EXPECT_TRUE(prefix("/a", "/a/b"));
  EXPECT_FALSE(prefix("/a", "/ab"));
  EXPECT_FALSE(prefix("/a", "/"));
  EXPECT_FALSE(prefix("/a/b", "/a"));
  EXPECT_TRUE(prefix("/a/", "/a"));
  EXPECT_TRUE(prefix("/", "/"));
  EXPECT_TRUE(prefix("/", "/a"));
  EXPECT_FALSE(prefix("/", "*"));
  EXPECT_FALSE(prefix("/", ""));
}

TEST(RouteTable, GivesTheLongestPrefixThatMatched) {
  const Table table({route("r", [](Match& m) { m.prefixes = {"/", "/a/b/", "/a"}; })});
  EXPECT_EQ(table.choice(TestExchange("h", "/a/b/c")).matched_prefix, "/a/b");
  EXPECT_EQ(table.choice(TestExchange("h", "/a/x")).matched_prefix, "/a");
  EXPECT_EQ(table.choice(TestExchange("h", "/x")).matched_prefix, "/");
  const Table other({route("r", [](Match& m) {
    m.prefixes = {"/a"};
    m.regexes = {".*c"};
  })});
  EXPECT_EQ(other.choice(TestExchange("h", "/a/c")).matched_prefix, "/a");
  EXPECT_EQ(other.find("h", "/a/d"), "-");
  EXPECT_EQ(other.find("h", "/b/c"), "-");
  EXPECT_EQ(Table({rest()}).choice(TestExchange("h", "/a")).matched_prefix, "");
}

TEST(RouteTable, MatchesPathsExactlyOrByOtherKinds) {
  const auto path = [](const TextMatch& match, std::string_view value) {
    return matches([&](Match& m) { m.paths = {match}; }, TestExchange("h", value));
  };
  EXPECT_TRUE(path(text("/healthz"), "/healthz"));
  EXPECT_FALSE(path(text("/healthz"), "/healthz/"));
  EXPECT_TRUE(path(text("*"), "*"));
  EXPECT_FALSE(path(text("*"), "/"));
  EXPECT_TRUE(path(text("/api/v", Kind::Prefix), "/api/v2/x"));
  EXPECT_FALSE(path(text("/api/v", Kind::Prefix), "/api/w"));
  EXPECT_TRUE(path(text("/", Kind::Prefix), "/x"));
  EXPECT_TRUE(path(text(".php", Kind::Suffix), "/x.php"));
  EXPECT_TRUE(path(text("x", Kind::Contains), "/axb"));
  EXPECT_TRUE(path(text("/[0-9]+", Kind::Regex), "/42"));
  EXPECT_FALSE(path(text("/[0-9]+", Kind::Regex), "/42/"));
  EXPECT_TRUE(path(no(text("/a")), "/b"));
  EXPECT_FALSE(path(no(text("/a")), "/a"));
}

TEST(RouteTable, MatchesRegexesOverTheWholePath) {
  const Table table({route("a",
                           [](Match& m) {
                             m.regexes = {"/user/[0-9]+", "/u/[0-9]+"};
                           }),
                     route("b", [](Match& m) { m.regexes = {"/user/.*"}; })});
  EXPECT_EQ(table.find("h", "/user/7"), "a");
  EXPECT_EQ(table.find("h", "/u/7"), "a");
  EXPECT_EQ(table.find("h", "/user/7/x"), "b");
  EXPECT_EQ(table.find("h", "/x/user/7"), "-");
}

TEST(RouteTable, AsksForAllKeysAndAnyOfAList) {
  const auto fill = [](Match& m) {
    m.hosts = {text("a"), text("b")};
    m.prefixes = {"/x", "/y"};
    m.methods = {"GET", "PUT"};
  };
  EXPECT_TRUE(matches(fill, TestExchange("b", "/y/1", "PUT")));
  EXPECT_FALSE(matches(fill, TestExchange("c", "/y/1", "PUT")));
  EXPECT_FALSE(matches(fill, TestExchange("b", "/z/1", "PUT")));
  EXPECT_FALSE(matches(fill, TestExchange("b", "/y/1", "POST")));
}

TEST(RouteTable, ComparesMethodsAsTheyAre) {
  const auto get = [](Match& m) { m.methods = {"GET"}; };
  EXPECT_TRUE(matches(get, TestExchange("h", "/", "GET")));
  EXPECT_FALSE(matches(get, TestExchange("h", "/", "get")));
  EXPECT_FALSE(matches(get, TestExchange("h", "/", "HEAD")));
  EXPECT_TRUE(matches([](Match& m) { m.methods = {"BREW"}; }, TestExchange("h", "/", "BREW")));
}

TEST(RouteTable, MatchesEachValueOfARepeatedHeaderOnItsOwn) {
  TestExchange exchange;
  exchange.header("x-role", "reader").header("x-role", "admin");
  const auto role = [&](const TextMatch& match) {
    return matches([&](Match& m) { m.headers = {{"x-role", {match}}}; }, exchange);
  };
  EXPECT_TRUE(role(text("admin")));
  EXPECT_TRUE(role(text("reader")));
  EXPECT_FALSE(role(text("reader, admin")));
  EXPECT_FALSE(role(text("readeradmin", Kind::Contains)));
  EXPECT_FALSE(role(no(text("admin"))));
  EXPECT_TRUE(role(no(text("owner"))));
  EXPECT_TRUE(role(text("", Kind::Present)));
  EXPECT_FALSE(role(no(text("", Kind::Present))));
  EXPECT_TRUE(role(text("[a-m]+", Kind::Regex)) == false && role(text("[a-n]+", Kind::Regex)));
}

TEST(RouteTable, TakesAnAbsentHeaderForNoValue) {
  const auto absent = [](const TextMatch& match) {
    return matches([&](Match& m) { m.headers = {{"x-role", {match}}}; }, TestExchange());
  };
  EXPECT_FALSE(absent(text("")));
  EXPECT_FALSE(absent(text("", Kind::Present)));
  EXPECT_TRUE(absent(no(text("", Kind::Present))));
  EXPECT_TRUE(absent(no(text("admin"))));
}

TEST(RouteTable, TakesTheAuthorityForTheHostHeader) {
  TestExchange exchange("shop.example");
  exchange.request.authority = "shop.example:8443";
  EXPECT_TRUE(matches(
      [](Match& m) {
        m.headers = {{"host", {text("shop.example:8443")}}};
      },
      exchange));
}

TEST(RouteTable, ComparesQueryParametersWithoutTheirEncoding) {
  const auto query = [](std::string_view written, std::string name, const TextMatch& match) {
    TestExchange exchange;
    exchange.query(written);
    return matches([&](Match& m) { m.query = {{std::move(name), {match}}}; }, exchange);
  };
  EXPECT_TRUE(query("?a=1&b=2", "b", text("2")));
  EXPECT_FALSE(query("?a=1&b=2", "b", text("1")));
  EXPECT_TRUE(query("?q=one+two%21", "q", text("one two!")));
  EXPECT_TRUE(query("?%71=1", "q", text("1")));
  EXPECT_TRUE(query("?a=1&a=2", "a", text("2")));
  EXPECT_TRUE(query("?a", "a", text("")));
  EXPECT_TRUE(query("?a=b=c", "a", text("b=c")));
  EXPECT_TRUE(query("?a=%zz%4", "a", text("%zz%4")));
  EXPECT_FALSE(query("", "a", text("", Kind::Present)));
  EXPECT_FALSE(query("?&&", "", text("", Kind::Present)));
  EXPECT_TRUE(query("?a=1%0a2", "a", text("1.2", Kind::Regex)));
}

TEST(RouteTable, ReadsCookiesOfAllCookieFields) {
  TestExchange exchange;
  exchange.header("cookie", "a=1;b = \"two\" ; junk; =x;").header("cookie", "c=3=4");
  const auto cookie = [&](std::string name, const TextMatch& match) {
    return matches([&](Match& m) { m.cookies = {{std::move(name), {match}}}; }, exchange);
  };
  EXPECT_TRUE(cookie("a", text("1")));
  EXPECT_TRUE(cookie("b", text("two")));
  EXPECT_TRUE(cookie("c", text("3=4")));
  EXPECT_FALSE(cookie("junk", text("", Kind::Present)));
  EXPECT_FALSE(cookie("", text("", Kind::Present)));
  EXPECT_FALSE(cookie("A", text("1")));
}

TEST(RouteTable, ComparesVariablesAsText) {
  TestExchange exchange;
  ASSERT_TRUE(exchange.vars.set("tenant", std::string_view("acme")));
  ASSERT_TRUE(exchange.vars.set("score", std::int64_t{7}));
  const auto var = [&](std::string name, const TextMatch& match) {
    return matches([&](Match& m) { m.vars = {{std::move(name), {match}}}; }, exchange);
  };
  EXPECT_TRUE(var("tenant", text("acme")));
  EXPECT_TRUE(var("score", text("7")));
  EXPECT_FALSE(var("absent", text("")));
}

TEST(RouteTable, MatchesTheClientAndThePortOfTheListener) {
  TestExchange exchange;
  const auto from = [&](std::string_view block) {
    return matches([&](Match& m) { m.client_ip = {net::Cidr::parse(block).value()}; }, exchange);
  };
  EXPECT_TRUE(from("198.51.100.0/24"));
  EXPECT_FALSE(from("10.0.0.0/8"));
  EXPECT_TRUE(matches([](Match& m) { m.ports = {{80, 80}, {440, 443}}; }, exchange));
  EXPECT_TRUE(matches([](Match& m) { m.ports = {{80, 80}, {443, 443}}; }, exchange));
  EXPECT_FALSE(matches([](Match& m) { m.ports = {{80, 80}, {444, 500}}; }, exchange));
  exchange.view.client = exchange.view.local = nullptr;
  EXPECT_FALSE(from("0.0.0.0/0"));
  EXPECT_FALSE(matches([](Match& m) { m.ports = {{0, 65535}}; }, exchange));
}

TEST(RouteTable, MatchesWhenAnyOfItsFlagsIsOn) {
  const Table table({route("on", [](Match& m) { m.flags = {"b", "c"}; }), rest()}, {"a", "b", "c"});
  TestExchange exchange;
  EXPECT_EQ(table.find(exchange), "rest");
  exchange.view.flags = 0b001;
  EXPECT_EQ(table.find(exchange), "rest");
  exchange.view.flags = 0b100;
  EXPECT_EQ(table.find(exchange), "on");
}

TEST(RouteTable, TakesItsShareOfTheStreams) {
  const auto share = [](double percent) { return [percent](Match& m) { m.percent = percent; }; };
  const Table table({route("never", share(0)), route("tenth", share(10)), route("half", share(50)),
                     route("all", share(100)), rest()});
  TestExchange exchange;
  int tenth = 0;
  int half = 0;
  constexpr int kStreams = 100'000;
  for (int i = 0; i < kStreams; ++i) {
    exchange.view.random = static_cast<std::uint32_t>(i) * 2654435761u;
    const std::string found = table.find(exchange);
    ASSERT_NE(found, "never");
    ASSERT_NE(found, "rest");
    tenth += found == "tenth";
    half += found == "half";
  }
  EXPECT_NEAR(tenth, 0.1 * kStreams, 0.005 * kStreams);
  // Half of those that are left, as the second choice does not depend on the first.
  EXPECT_NEAR(half, 0.45 * kStreams, 0.01 * kStreams);
}

TEST(RouteTable, NamesTheRouteAndWhatIsWrong) {
  const auto error = [](Route wrong) {
    std::vector<Route> routes{rest(), std::move(wrong)};
    const auto table = RouteTable::compile("t", std::move(routes), {"known"});
    EXPECT_FALSE(table);
    return table ? std::string() : table.error().message;
  };
  const std::string regex = error(route("api", [](Match& m) { m.regexes = {"/(x"}; }));
  EXPECT_NE(regex.find("route \"api\""), std::string::npos) << regex;
  EXPECT_NE(regex.find("/(x"), std::string::npos) << regex;
  EXPECT_NE(error(route("",
                        [](Match& m) {
                          m.headers = {{"x", {text("[", Kind::Regex)}}};
                        }))
                .find("route 2"),
            std::string::npos);
  EXPECT_NE(error(route("api", [](Match& m) { m.flags = {"other"}; })).find("\"other\""),
            std::string::npos);
  EXPECT_NE(error(route("api", [](Match& m) { m.prefixes = {"api"}; })).find("begin with"),
            std::string::npos);
  EXPECT_NE(error(route("api", [](Match& m) { m.percent = 101; })).find("percent"),
            std::string::npos);
}

TEST(RouteTable, AsksNothingOfARequestThatIsNotThere) {
  const Table table({route("path", [](Match& m) { m.paths = {no(text("/a"))}; }),
                     route("header",
                           [](Match& m) {
                             m.headers = {{"x", {no(text("1"))}}};
                           }),
                     route("port", [](Match& m) {
                       m.ports = {{443, 443}};
                     })});
  TestExchange exchange;
  exchange.view.request = nullptr;
  EXPECT_EQ(table.find(exchange), "port");
}

TEST(RouteTable, FindsTheLastOfTenThousandWhateverTellsThemApart) {
  constexpr std::uint32_t kRoutes = 10'000;
  using Fill = std::function<void(Match&, const std::string&)>;
  const Fill fills[] = {
      [](Match& m, const std::string& n) { m.hosts = {text("h" + n)}; },
      [](Match& m, const std::string& n) { m.hosts = {text("*.h" + n)}; },
      [](Match& m, const std::string& n) { m.prefixes = {"/shared/p" + n}; },
      [](Match& m, const std::string& n) { m.paths = {text("/shared/p" + n + "/x")}; },
      [](Match& m, const std::string& n) { m.methods = {"M" + n}; },
      [](Match& m, const std::string& n) {
        m.headers = {{"x-n", {text(n)}}};
      },
      [](Match& m, const std::string& n) {
        m.headers = {{"x-" + n, {text("1")}}};
      },
      [](Match& m, const std::string& n) {
        m.query = {{"n", {text(n)}}};
      },
      [](Match& m, const std::string& n) {
        m.cookies = {{"n" + n, {text("1")}}};
      },
      [](Match& m, const std::string& n) {
        m.vars = {{"n", {text(n)}}};
      },
      [](Match& m, const std::string& n) {
        m.headers = {{"x-n", {text(n.substr(n.size() - 2))}}};
        m.query = {{"n", {text(n.substr(0, n.size() - 2))}}};
      }};
  for (std::size_t i = 0; i < std::size(fills); ++i) {
    std::vector<Route> routes;
    for (std::uint32_t n = 0; n < kRoutes; ++n) {
      routes.push_back(route("", [&](Match& m) { fills[i](m, std::to_string(10'000 + n)); }));
    }
    TestExchange exchange(i == 1 ? "a.h19999" : "h19999", "/shared/p19999/x", "M19999");
    exchange.header("x-n", i < 10 ? "19999" : "99").header("x-19999", "1");
    exchange.header("cookie", "n19999=1").query(i < 10 ? "?n=19999" : "?n=199");
    ASSERT_TRUE(exchange.vars.set("n", std::int64_t{19999}));
    const Table table(std::move(routes));
    const Route* found = table.choice(exchange).route;
    ASSERT_NE(found, nullptr) << i;
    EXPECT_EQ(found->index, kRoutes - 1) << i;
  }
}

TEST(RouteTable, LooksOnceAtAValueThatIsSentAThousandTimes) {
  std::vector<Route> routes;
  for (int a = 0; a < 20; ++a) {
    for (int b = 0; b < 20; ++b) {
      routes.push_back(route(std::to_string(a) + ":" + std::to_string(b), [&](Match& m) {
        m.query = {{"a", {text(std::to_string(a))}}, {"b", {text(std::to_string(b))}}};
      }));
    }
  }
  const Table table(std::move(routes));
  std::string query = "?b=19";
  for (int i = 0; i < 1000; ++i) query += "&a=19&b=3";
  TestExchange exchange;
  exchange.query(query);
  EXPECT_EQ(table.find(exchange), "19:3");
}

TEST(RouteTable, SaysWhichRoutesCanNeverBeChosen) {
  const Table table({
      route("api",
            [](Match& m) {
              m.hosts = {text("*.x")};
              m.prefixes = {"/api"};
            }),
      route("hidden-below",
            [](Match& m) {
              m.hosts = {text("a.x"), text("*.b.x")};
              m.prefixes = {"/api/v1", "/api"};
            }),
      route("hidden-exact",
            [](Match& m) {
              m.hosts = {text("a.x")};
              m.paths = {text("/api"), text("/api/2")};
              m.methods = {"GET"};
            }),
      route("not-hidden-host",
            [](Match& m) {
              m.hosts = {text("x")};
              m.prefixes = {"/api"};
            }),
      route("not-hidden-path",
            [](Match& m) {
              m.hosts = {text("a.x")};
              m.prefixes = {"/apis"};
            }),
      route("get",
            [](Match& m) {
              m.methods = {"GET", "HEAD"};
            }),
      route("hidden-get", [](Match& m) { m.methods = {"HEAD"}; }),
      route("header",
            [](Match& m) {
              m.headers = {{"x-a", {text("", Kind::Present)}}};
            }),
      route("hidden-header",
            [](Match& m) {
              m.headers = {{"x-a", {text("1")}}};
            }),
      route("not-hidden-header",
            [](Match& m) {
              m.headers = {{"x-a", {no(text("1"))}}};
            }),
      route("half", [](Match& m) { m.percent = 50; }),
      rest(),
      route("hidden-by-rest", [](Match& m) { m.regexes = {"/x"}; }),
  });
  std::string shadows;
  for (const RouteTable::Shadow& shadow : (*table).shadowed()) {
    shadows += shadow.hidden->name + " by " + shadow.by->name + "; ";
  }
  EXPECT_EQ(shadows,
            "hidden-below by api; hidden-exact by api; hidden-get by get; "
            "hidden-header by header; hidden-by-rest by rest; ");
}

TEST(RouteTable, TellsWhetherOneRouteMatchesWhateverStandsBeforeIt) {
  const Table table({rest("first"), route("second", [](Match& m) { m.prefixes = {"/a"}; })});
  const TestExchange inside("h", "/a");
  const TestExchange outside("h", "/b");
  EXPECT_TRUE((*table).matches((*table).routes()[1], inside.view));
  EXPECT_FALSE((*table).matches((*table).routes()[1], outside.view));
}

}  // namespace
}  // namespace weir::route
