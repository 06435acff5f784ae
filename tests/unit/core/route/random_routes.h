#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/route/route.h"
#include "tests/unit/core/route/test_exchange.h"

namespace weir::route {

// Makes routes and exchanges of few words, so that they meet often, from a source of numbers:
// `choose(n)` is one below n.
class RandomRoutes {
 public:
  explicit RandomRoutes(std::function<std::uint32_t(std::uint32_t)> choose)
      : choose_(std::move(choose)) {}

  static std::vector<std::string> flag_names() { return {"f0", "f1", "f2"}; }

  // Up to `most` routes; which keys they use much is chosen for all of them.
  std::vector<Route> routes(std::uint32_t most) {
    for (std::uint32_t& weight : weights_) weight = choose_(2) * choose_(5);
    std::vector<Route> routes(1 + choose_(most));
    for (Route& route : routes) route.match = match();
    return routes;
  }

  Match match() {
    Match match;
    if (uses(0)) match.hosts = texts({"*", "*.a", "*.b.a", "a", "b.a", "c.b.a", "x"}, 1);
    if (uses(1)) match.paths = texts(kPaths, 2);
    if (uses(2)) match.prefixes = words({"/", "/a", "/a/", "/a/b", "/a/b/c", "/b", "/ab", "//a"});
    if (uses(3)) match.regexes = words({"/a.*", ".*b", "/[ab]/b", "(/a)+", "/", "/a/b|/b", ".*"});
    if (uses(4)) match.methods = words({"GET", "POST", "HEAD", "BREW"});
    if (uses(5)) match.headers = named({"x-a", "x-b", "host", "accept"});
    if (uses(6)) match.query = named({"q", "r r", ""});
    if (uses(7)) match.cookies = named({"c", "d"});
    if (uses(8)) match.vars = named({"v", "n"});
    if (uses(9)) match.client_ip = addresses();
    if (uses(10)) match.ports = ports();
    if (uses(11)) match.flags = words({"f0", "f1", "f2"});
    return match;
  }

  // Fills `exchange`, which is new.
  void fill(TestExchange& exchange) {
    exchange.request.host = word({"a", "b.a", "c.b.a", "d.c.b.a", "x", ".a", "", "a.", "y.x"});
    exchange.request.authority = word({"1", "2", "", "a"});
    exchange.request.path = word({"/", "/a", "/a/", "/a/b", "/a/b/c", "/a/b/c/d", "/ab", "/b",
                                  "/a/bc", "*", "", "//a", "/a//b"});
    exchange.request.method_name = word({"GET", "POST", "HEAD", "BREW", "get"});
    exchange.request.query = word({"", "?", "?q=1", "?q=1&q=2", "?q", "?r+r=%31&q=%", "?r%20r=2",
                                   "?=1&&q=+", "?q=%zz&q=12&r+r=", "?q=3&q=4&q=5"});
    for (std::uint32_t i = choose_(4); i > 0; --i) {
      exchange.header(word({"x-a", "x-b", "accept"}), word(kValues));
    }
    for (std::uint32_t i = choose_(3); i > 0; --i) {
      exchange.header("cookie", word({"c=1", "c=\"2\"; d=1", " d = 12 ;c", "=1;;c=", "c=3; c=4"}));
    }
    if (choose_(2) == 0) static_cast<void>(exchange.vars.set("v", word(kValues)));
    if (choose_(2) == 0) static_cast<void>(exchange.vars.set("n", std::int64_t{choose_(4)}));
    exchange.client =
        net::Address::parse(word({"10.0.0.1:1", "10.0.1.1:1", "[fd00::1]:1"})).value();
    exchange.local = exchange.local.with_port(static_cast<std::uint16_t>(80 + choose_(5)));
    exchange.view.flags = choose_(8);
  }

 private:
  using Words = std::vector<std::string_view>;

  bool uses(std::size_t key) { return choose_(5) < weights_[key]; }

  std::string_view word(const Words& words) {
    return words[choose_(static_cast<std::uint32_t>(words.size()))];
  }

  std::vector<std::string> words(const Words& words) {
    std::vector<std::string> chosen;
    do chosen.emplace_back(word(words));
    while (choose_(4) == 0 && chosen.size() < 4);
    return chosen;
  }

  // Mostly exact ones.
  std::vector<TextMatch> texts(const Words& words, std::uint32_t patterns) {
    std::vector<TextMatch> chosen;
    do {
      TextMatch match{TextMatch::Kind::Exact, std::string(word(words)), choose_(12) == 0};
      if (choose_(8) < patterns) {
        match.kind = static_cast<TextMatch::Kind>(choose_(6));
        if (match.kind == TextMatch::Kind::Regex)
          match.text = word({".*1", "[12]*", "/a.*", ".*a"});
      }
      chosen.push_back(std::move(match));
    } while (choose_(4) == 0 && chosen.size() < 12);
    return chosen;
  }

  std::vector<NamedMatch> named(const Words& names) {
    std::vector<NamedMatch> chosen;
    do chosen.push_back({std::string(word(names)), texts(kValues, 1)});
    while (choose_(4) == 0 && chosen.size() < 3);
    return chosen;
  }

  std::vector<net::Cidr> addresses() {
    std::vector<net::Cidr> chosen;
    for (const std::string& text : words({"10.0.0.0/24", "10.0.0.0/16", "10.0.1.1", "fd00::/8"})) {
      chosen.push_back(net::Cidr::parse(text).value());
    }
    return chosen;
  }

  std::vector<PortRange> ports() {
    std::vector<PortRange> chosen;
    do {
      const auto first = static_cast<std::uint16_t>(80 + choose_(5));
      chosen.push_back({first, static_cast<std::uint16_t>(first + (choose_(4) == 0 ? 2 : 0))});
    } while (choose_(4) == 0 && chosen.size() < 3);
    return chosen;
  }

  inline static const Words kPaths = {"/", "/a", "/a/", "/a/b", "/b", "*", "", "/a/b/c"};
  inline static const Words kValues = {"1", "2", "12", "", " ", "3", "4", "5", "a"};

  std::function<std::uint32_t(std::uint32_t)> choose_;
  std::uint32_t weights_[12] = {};
};

}  // namespace weir::route
