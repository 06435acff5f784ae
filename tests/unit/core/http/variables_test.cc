#include "core/http/variables.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(Variables, KeepsValuesOfEachType) {
  Arena arena;
  Variables vars(arena);
  EXPECT_EQ(vars.get("tenant"), nullptr);
  EXPECT_TRUE(vars.set("tenant", std::string_view("acme")));
  EXPECT_TRUE(vars.set("score", std::int64_t{-7}));
  EXPECT_TRUE(vars.set("ratio", 0.25));
  EXPECT_TRUE(vars.set("known", true));
  EXPECT_EQ(*vars.get("tenant"), Variables::Value(std::string_view("acme")));
  EXPECT_EQ(*vars.get("score"), Variables::Value(std::int64_t{-7}));
  EXPECT_EQ(*vars.get("ratio"), Variables::Value(0.25));
  EXPECT_EQ(*vars.get("known"), Variables::Value(true));
  EXPECT_EQ(vars.all().size(), 4u);
}

TEST(Variables, RendersValuesAsText) {
  Arena arena;
  Variables vars(arena);
  ASSERT_TRUE(vars.set("text", std::string_view("a b")));
  ASSERT_TRUE(vars.set("least", std::numeric_limits<std::int64_t>::min()));
  ASSERT_TRUE(vars.set("tenth", 0.1));
  ASSERT_TRUE(vars.set("huge", -std::numeric_limits<double>::max()));
  ASSERT_TRUE(vars.set("off", false));
  EXPECT_EQ(vars.text("text"), "a b");
  EXPECT_EQ(vars.text("least"), "-9223372036854775808");
  EXPECT_EQ(vars.text("tenth"), "0.1");
  EXPECT_EQ(vars.text("huge"), "-1.7976931348623157e+308");
  EXPECT_EQ(vars.text("off"), "false");
  EXPECT_EQ(vars.text("absent"), std::nullopt);
}

TEST(Variables, CopiesNamesAndTexts) {
  Arena arena;
  Variables vars(arena);
  std::string name = "tenant";
  std::string value = "acme";
  ASSERT_TRUE(vars.set(name, std::string_view(value)));
  name = value = "gone!!";
  EXPECT_EQ(vars.text("tenant"), "acme");
}

TEST(Variables, ReplacesTheValueOfTheSameName) {
  Arena arena;
  Variables vars(arena);
  ASSERT_TRUE(vars.set("x", std::int64_t{1}));
  ASSERT_TRUE(vars.set("x", std::string_view("two")));
  EXPECT_EQ(vars.text("x"), "two");
  EXPECT_EQ(vars.all().size(), 1u);
}

TEST(Variables, RefusesOneMoreThanItsLimit) {
  Arena arena;
  Variables vars(arena);
  for (std::uint32_t i = 0; i < Variables::kMax; ++i) {
    ASSERT_TRUE(vars.set("v" + std::to_string(i), std::int64_t{i}));
  }
  EXPECT_FALSE(vars.set("more", true));
  EXPECT_TRUE(vars.set("v0", std::string_view("replaced")));
  EXPECT_EQ(vars.text("v0"), "replaced");
  EXPECT_EQ(vars.text("v63"), "63");
  EXPECT_EQ(vars.get("more"), nullptr);
}

TEST(Variables, StartsAnewAfterItsArenaWasReset) {
  Arena arena;
  Variables vars(arena);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(vars.get("x"), nullptr);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(vars.set(std::string(1, char('a' + i)), i % 2 == 0));
    EXPECT_EQ(vars.text("t"), "false");
    vars.forget();
    arena.reset();
  }
}

}  // namespace
}  // namespace weir::http
