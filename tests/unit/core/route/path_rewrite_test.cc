#include "core/route/path_rewrite.h"

#include <gtest/gtest.h>

namespace weir::route {
namespace {

std::string by_prefix(std::string to, std::string_view from, std::string_view path) {
  const auto rewrite = PathRewrite::prefix(std::move(to));
  EXPECT_TRUE(rewrite);
  Arena arena;
  return std::string(rewrite->apply(path, from, arena));
}

std::string by_regex(std::string_view pattern, std::string substitution, std::string_view path) {
  const auto rewrite = PathRewrite::regex(pattern, std::move(substitution));
  EXPECT_TRUE(rewrite);
  Arena arena;
  return std::string(rewrite->apply(path, "", arena));
}

TEST(PathRewrite, PutsAnotherPrefixInPlaceOfTheOneThatMatched) {
  EXPECT_EQ(by_prefix("/v2", "/v1", "/v1/users"), "/v2/users");
  EXPECT_EQ(by_prefix("/v2", "/v1", "/v1"), "/v2");
  EXPECT_EQ(by_prefix("/v2", "/v1", "/v1/"), "/v2/");
  EXPECT_EQ(by_prefix("/a/b", "/x/y/z", "/x/y/z/1"), "/a/b/1");
}

TEST(PathRewrite, NeverDoublesASlash) {
  EXPECT_EQ(by_prefix("/v2/", "/v1", "/v1/users"), "/v2/users");
  EXPECT_EQ(by_prefix("/v2/", "/v1/", "/v1/users"), "/v2/users");
  EXPECT_EQ(by_prefix("/", "/v1", "/v1/users"), "/users");
  EXPECT_EQ(by_prefix("/", "/v1", "/v1//evil.example"), "/evil.example");
  EXPECT_EQ(by_prefix("/v2", "/v1", "/v1//x"), "/v2/x");
}

TEST(PathRewrite, NeverMakesAnEmptyPath) {
  EXPECT_EQ(by_prefix("/", "/v1", "/v1"), "/");
  EXPECT_EQ(by_prefix("/", "/v1", "/v1/"), "/");
  EXPECT_EQ(by_prefix("/", "/", "/"), "/");
}

TEST(PathRewrite, PrependsWhenTheRootMatched) {
  EXPECT_EQ(by_prefix("/app", "/", "/x"), "/app/x");
  EXPECT_EQ(by_prefix("/app", "", "/x"), "/app/x");
  EXPECT_EQ(by_prefix("/app", "/", "/"), "/app/");
}

TEST(PathRewrite, LeavesAPathThatIsNotUnderThePrefix) {
  EXPECT_EQ(by_prefix("/v2", "/v1", "/v10/x"), "/v10/x");
  EXPECT_EQ(by_prefix("/v2", "/", "*"), "*");
}

TEST(PathRewrite, RefusesAPrefixThatIsNoPath) {
  for (const char* to :
       {"", "v2", "/a b", "/a?b", "/a#b", "/a\n", "//a", "/a//b", "/../a", "/a/."}) {
    EXPECT_FALSE(PathRewrite::prefix(to)) << to;
  }
}

TEST(PathRewrite, SubstitutesGroups) {
  EXPECT_EQ(by_regex("^/user/([0-9]+)/(.*)$", "/\\2/of/\\1", "/user/7/cart"), "/cart/of/7");
  EXPECT_EQ(by_regex("^/old/", "/new/", "/old/old/x"), "/new/old/x");
  EXPECT_EQ(by_regex("-", "_", "/a-b-c"), "/a_b_c");
}

TEST(PathRewrite, LeavesAPathInWhichNothingMatches) {
  EXPECT_EQ(by_regex("^/user/", "/u/", "/cart"), "/cart");
}

TEST(PathRewrite, MakesOneSlashOfSeveralAtTheBeginning) {
  EXPECT_EQ(by_regex("^/old(.*)$", "/\\1", "/old/x"), "/x");
}

TEST(PathRewrite, RefusesAResultThatIsNoPath) {
  EXPECT_EQ(by_regex("^/user/", "x", "/user/7"), "");
  EXPECT_EQ(by_regex("^.*$", "", "/user/7"), "");
  EXPECT_EQ(by_regex("^/s(.*)$", "/static/\\1", "/s.."), "");
  EXPECT_EQ(by_regex("^/s(.*)$", "/static\\1", "/s/../x"), "");
}

TEST(PathRewrite, RefusesABadPatternOrSubstitution) {
  const auto pattern = PathRewrite::regex("/(", "/x");
  ASSERT_FALSE(pattern);
  EXPECT_NE(pattern.error().message.find("\"/(\""), std::string::npos);
  const auto group = PathRewrite::regex("/(a)", "/\\2");
  ASSERT_FALSE(group);
  EXPECT_NE(group.error().message.find("\"/\\2\""), std::string::npos);
  EXPECT_FALSE(PathRewrite::regex("/a", "/b\r\n"));
  EXPECT_FALSE(PathRewrite::regex("/a", "/b?c"));
}

}  // namespace
}  // namespace weir::route
