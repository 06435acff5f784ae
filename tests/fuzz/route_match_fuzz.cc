#include <cstddef>
#include <cstdint>

#include "core/base/check.h"
#include "core/route/route_table.h"
#include "tests/unit/core/route/naive_match.h"
#include "tests/unit/core/route/random_routes.h"

// The bytes choose a list of routes and some exchanges: the compiled table must find what trying
// one route after the other finds, and no route that it calls shadowed may ever be chosen.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace weir::route;
  std::size_t next = 0;
  RandomRoutes words([&](std::uint32_t n) { return next < size ? bytes[next++] % n : 0u; });
  const auto table = RouteTable::compile("fuzz", words.routes(64), words.flag_names());
  WEIR_CHECK(table);
  const auto shadows = (*table)->shadowed();
  for (int i = 0; i < 8 && next < size; ++i) {
    TestExchange exchange;
    words.fill(exchange);
    const Route* expected = nullptr;
    for (const Route& route : (*table)->routes()) {
      const bool matches = naive::matches(route.match, exchange.view, words.flag_names());
      WEIR_CHECK((*table)->matches(route, exchange.view) == matches);
      if (matches && expected == nullptr) expected = &route;
    }
    WEIR_CHECK((*table)->find(exchange.view).route == expected);
    for (const RouteTable::Shadow& shadow : shadows) {
      WEIR_CHECK(shadow.hidden != expected);
      WEIR_CHECK(!(*table)->matches(*shadow.hidden, exchange.view) ||
                 (*table)->matches(*shadow.by, exchange.view));
    }
  }
  return 0;
}
