#include "config/key_path.h"

#include <gtest/gtest.h>

namespace weir::config {
namespace {

TEST(KeyPath, JoinsPlainKeysWithDots) {
  KeyPath path;
  const auto routes = path.enter("routes");
  const auto shop = path.enter("shop");
  EXPECT_EQ(path.text(), "routes.shop");
  EXPECT_EQ(path.below("time_out-2"), "routes.shop.time_out-2");
}

TEST(KeyPath, PutsOtherKeysAndIndexesInBrackets) {
  KeyPath path;
  const auto endpoints = path.enter("endpoints");
  {
    const auto item = path.enter("10.0.0.2:9000");
    EXPECT_EQ(path.below("weight"), "endpoints[10.0.0.2:9000].weight");
  }
  const auto item = path.enter(std::size_t{3});
  EXPECT_EQ(path.below("weight"), "endpoints[3].weight");
}

TEST(KeyPath, QuotesKeysWithBracketsAndTheEmptyKey) {
  std::string path = "a";
  append_key(path, "[::1]:80");
  append_key(path, "");
  append_key(path, "\"\\");
  EXPECT_EQ(path, "a[\"[::1]:80\"][\"\"][\"\\\"\\\\\"]");
}

TEST(KeyPath, LeavesWhatWasEntered) {
  KeyPath path;
  {
    const auto a = path.enter("a");
    const auto b = path.enter("b");
  }
  EXPECT_EQ(path.text(), "");
}

std::string steps_of(std::string_view text) {
  const auto steps = parse_path(text);
  if (!steps) return "error: " + steps.error().message;
  std::string joined;
  for (const PathStep& step : *steps) {
    joined += "<" + step.name + (step.index ? ">#" + std::to_string(*step.index) : ">");
  }
  return joined;
}

TEST(ParsePath, TakesKeysNamesAndIndexesApart) {
  EXPECT_EQ(steps_of(""), "");
  EXPECT_EQ(steps_of("routes.shop.api-2.time_out"), "<routes><shop><api-2><time_out>");
  EXPECT_EQ(steps_of("endpoints[10.0.0.2:9000].weight"), "<endpoints><10.0.0.2:9000><weight>");
  EXPECT_EQ(steps_of("a[3][\"3\"]"), "<a><3>#3<3>");
  EXPECT_EQ(steps_of("a.$append[0]"), "<a><$append><0>#0");
  EXPECT_EQ(steps_of("a.[b.c].d.[0]"), "<a><b.c><d><0>#0") << "a dot before a bracket is one more";
}

TEST(ParsePath, ReadsWhatKeyPathWrites) {
  for (const std::string key : {"plain", "[::1]:80", "", "\"\\", "a b", "a.b", "7", "ä"}) {
    std::string path = "top";
    append_key(path, key);
    append_key(path, "end");
    const auto steps = parse_path(path);
    ASSERT_TRUE(steps) << path;
    ASSERT_EQ(steps->size(), 3u) << path;
    EXPECT_EQ((*steps)[1].name, key) << path;
    EXPECT_EQ((*steps)[2].name, "end") << path;
  }
}

TEST(ParsePath, SaysWhatIsWrong) {
  EXPECT_EQ(steps_of("a..b"), "error: a path has an empty name");
  EXPECT_EQ(steps_of("."), "error: a path has an empty name");
  EXPECT_EQ(steps_of(".[a]"), "error: a path has an empty name");
  EXPECT_EQ(steps_of("a."), "error: a path has an empty name");
  EXPECT_EQ(steps_of("a:b"), "error: a name with a ':' stands in brackets in a path");
  EXPECT_EQ(steps_of("zahl\u00f6.b"), "error: a name with a '\u00f6' stands in brackets in a path");
  EXPECT_EQ(steps_of("\u202eb"), "error: a name with a '\u202e' stands in brackets in a path");
  EXPECT_EQ(steps_of("a\xff"), "error: a name with a '\xff' stands in brackets in a path");
  EXPECT_EQ(steps_of("[a]b"), "error: a dot or [ must follow a ] in a path");
  EXPECT_EQ(steps_of("a[b"), "error: a path has a [ without its ]");
  EXPECT_EQ(steps_of("a[\"b]"), "error: a path has a [ without its ]");
  EXPECT_EQ(steps_of("a[\"b\\"), "error: a path has a [ without its ]");
}

TEST(ShortenedPath, HasTheBeginningOfEachLongKey) {
  const std::string text(1000, 'x');
  const std::string some = std::string(100, 'x') + "…";
  EXPECT_EQ(shortened_path("routes.shop[0].match"), "routes.shop[0].match");
  EXPECT_EQ(shortened_path("flags." + text + "[0][\"a[\"].b"), "flags[" + some + "][0][\"a[\"].b");
}

}  // namespace
}  // namespace weir::config
