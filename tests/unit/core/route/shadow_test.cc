#include "core/route/shadow.h"

#include <random>

#include <gtest/gtest.h>

#include "core/route/route_table.h"
#include "tests/unit/core/route/random_routes.h"

namespace weir::route {
namespace {

Match exact(std::string path) {
  Match match;
  match.paths = {{.text = std::move(path)}};
  return match;
}

Match under(std::string prefix) {
  Match match;
  match.prefixes = {std::move(prefix)};
  return match;
}

// The number of the route that covers the last of `matches`.
std::optional<std::uint32_t> covering(const std::vector<Match>& matches) {
  std::vector<Condition> conditions;
  for (const Match& match : matches) {
    conditions.push_back(Condition::compile(match, {}, 0).value());
  }
  ShadowSearch search;
  std::optional<std::uint32_t> found;
  for (std::size_t i = 0; i < matches.size(); ++i) found = search.add(matches[i], conditions[i]);
  return found;
}

TEST(ShadowSearch, FindsTheSameAsLookingAtEachPair) {
  std::size_t hidden = 0;
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    std::mt19937 random(seed);
    RandomRoutes words([&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); });
    const std::vector<Route> routes = words.routes(12);
    std::vector<Condition> conditions;
    ShadowSearch search;
    for (const Route& route : routes) {
      conditions.push_back(Condition::compile(route.match, words.flag_names(), 0).value());
    }
    for (std::size_t i = 0; i < routes.size(); ++i) {
      std::optional<std::uint32_t> expected;
      for (std::uint32_t j = 0; j < i && !expected; ++j) {
        if (covers(routes[j].match, conditions[j], routes[i].match)) expected = j;
      }
      ASSERT_EQ(search.add(routes[i].match, conditions[i]), expected)
          << "seed " << seed << " route " << i;
      if (expected) ++hidden;
    }
  }
  EXPECT_GT(hidden, 100u);
}

TEST(ShadowSearch, KnowsPrefixesAboveAPath) {
  EXPECT_EQ(covering({under("/"), exact("/a/b")}), 0u);
  EXPECT_EQ(covering({under("/a/"), exact("/a/b/c")}), 0u);
  EXPECT_EQ(covering({under("/a/b"), exact("/a/b")}), 0u);
  EXPECT_EQ(covering({under("/a/b"), exact("/a/bc")}), std::nullopt);
  EXPECT_EQ(covering({under("/a"), under("/a/b/c/")}), 0u);
  EXPECT_EQ(covering({under("/a/b"), under("/a")}), std::nullopt);
  EXPECT_EQ(covering({exact("/a"), under("/a")}), std::nullopt);
}

TEST(ShadowSearch, TakesTheFirstOfThoseThatCover) {
  EXPECT_EQ(covering({under("/a/b"), under("/a"), exact("/a/b"), Match(), exact("/a/b")}), 0u);
  EXPECT_EQ(covering({Match(), under("/a"), exact("/a")}), 0u);
}

TEST(ShadowSearch, LooksForPrefixesOfUpToSixtyThreeSegments) {
  const auto path_of = [](std::size_t segments) {
    std::string path;
    while (segments-- > 0) path += "/a";
    return path;
  };
  EXPECT_EQ(covering({under(path_of(63)), exact(path_of(70))}), 0u);
  EXPECT_EQ(covering({under(path_of(64)), exact(path_of(70))}), std::nullopt);
}

TEST(ShadowSearch, LooksAtFiveHundredRoutesWithoutAPath) {
  Match last;
  last.client_ip = {net::Cidr::parse("10.0.0.1").value()};
  const auto covering_behind = [&](std::size_t others) {
    Match other;
    other.methods = {"GET"};
    std::vector<Match> matches(others, other);
    matches.emplace_back();
    matches.back().client_ip = {net::Cidr::parse("10.0.0.0/8").value()};
    matches.push_back(last);
    return covering(matches);
  };
  EXPECT_EQ(covering_behind(499), 499u);
  EXPECT_EQ(covering_behind(500), std::nullopt);
}

TEST(ShadowSearch, KnowsServerNamesAndProtocols) {
  const auto named = [](std::vector<std::string> names, std::vector<std::string> protocols = {}) {
    Match match;
    for (std::string& name : names) {
      match.sni.push_back({TextMatch::Kind::Exact, std::move(name), false});
    }
    match.alpn = std::move(protocols);
    return match;
  };
  EXPECT_EQ(covering({named({"*.a.example"}), named({"b.a.example", "*.c.a.example"})}), 0u);
  EXPECT_EQ(covering({named({"*"}), named({"a.example"}, {"h2"})}), 0u);
  EXPECT_EQ(covering({named({"*.a.example"}), named({"a.example"})}), std::nullopt);
  EXPECT_EQ(covering({named({"*"}), Match()}), std::nullopt);
  EXPECT_EQ(covering({named({}, {"h2", "h3"}), named({}, {"h3"})}), 0u);
  EXPECT_EQ(covering({named({}, {"h2"}), named({}, {"h2", "h3"})}), std::nullopt);
}

}  // namespace
}  // namespace weir::route
