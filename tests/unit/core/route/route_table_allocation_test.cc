#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "core/route/route_table.h"
#include "tests/unit/core/route/test_exchange.h"

namespace {

std::size_t allocations = 0;

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace weir::route {
namespace {

TEST(RouteTable, AllocatesNothingToFindARoute) {
  std::vector<Route> routes(100);
  for (std::size_t i = 0; i < routes.size(); ++i) {
    Match& match = routes[i].match;
    const std::string number = std::to_string(i);
    match.hosts = {{TextMatch::Kind::Exact, "h", false}, {TextMatch::Kind::Exact, "*.h", false}};
    match.prefixes = {"/a", "/a/" + number};
    match.query = {{"q q", {{TextMatch::Kind::Exact, number + " ", false}}}};
    match.headers = {{"x-a", {{TextMatch::Kind::Regex, "[0-9]+", false}}}};
    match.vars = {{"v", {{TextMatch::Kind::Exact, "1", false}}}};
  }
  Route regex;
  regex.match.regexes = {".*"};
  routes.push_back(regex);
  const auto table = RouteTable::compile("t", std::move(routes));
  ASSERT_TRUE(table);
  TestExchange exchange("b.h", "/a/99/x");
  exchange.header("x-a", "1").query("?q+q=98%20&q%20q=99+");
  ASSERT_TRUE(exchange.vars.set("v", std::int64_t{1}));
  const Route* found = (*table)->find(exchange.view).route;
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->index, 98u);
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) found = (*table)->find(exchange.view).route;
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(found->index, 98u);
}

}  // namespace
}  // namespace weir::route
