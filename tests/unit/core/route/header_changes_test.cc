#include "core/route/header_changes.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "core/http/chars.h"
#include "tests/unit/core/route/test_exchange.h"

namespace weir::route {
namespace {

Template template_of(std::string_view written) {
  return Template::parse(written).value();
}

TEST(HeaderChanges, BringNoValueThatAFieldCannotHave) {
  constexpr std::array kSources{"%query.v%", "%var.v%", "%cookie.none% %query.v% %cookie.none%"};
  constexpr std::string_view kHex = "0123456789abcdef";
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (const char* source : kSources) {
      TestExchange exchange;
      const std::string c(1, static_cast<char>(byte));
      exchange.query(std::string("?v=%20%0d+%") + kHex[byte >> 4] + kHex[byte & 15] + '+');
      ASSERT_TRUE(exchange.vars.set("v", exchange.arena.copy(c + " x" + c)));
      HeaderChanges changes;
      changes.set.emplace_back("a", template_of(source));
      changes.append.emplace_back("b", template_of(source));
      changes.apply(exchange.view, exchange.request.headers);
      for (const char* name : {"a", "b"}) {
        const auto value = exchange.request.headers.get(std::string_view(name));
        ASSERT_TRUE(value) << source << byte;
        EXPECT_TRUE(http::is_field_value(*value)) << source << byte;
      }
    }
  }
}

}  // namespace
}  // namespace weir::route
