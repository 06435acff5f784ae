#include "core/route/regex_set.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace weir::route {
namespace {

using Ids = std::set<std::uint32_t>;

RegexSet set_of(const std::vector<std::string>& patterns) {
  RegexSet set;
  for (const std::string& pattern : patterns) set.add(Regex::compile(pattern).value());
  set.compile();
  return set;
}

Ids matches(const RegexSet& set, std::string_view text) {
  Ids ids;
  set.each_match(text, [&](std::uint32_t id) { EXPECT_TRUE(ids.insert(id).second); });
  return ids;
}

TEST(Regex, MatchesTheWholeTextAndEachByte) {
  const Regex regex = Regex::compile("/a.*").value();
  EXPECT_TRUE(regex.matches("/abc"));
  EXPECT_FALSE(regex.matches("x/abc"));
  EXPECT_TRUE(regex.matches("/a\n\xff\xc3"));
  EXPECT_TRUE(Regex::compile("caf\xc3\xa9")->matches("caf\xc3\xa9"));
  EXPECT_FALSE(Regex::compile("/a")->matches("/ab"));
}

TEST(Regex, NamesThePatternThatIsNotValid) {
  const auto regex = Regex::compile("/(a");
  ASSERT_FALSE(regex);
  EXPECT_NE(regex.error().message.find("\"/(a\""), std::string::npos);
  EXPECT_NE(regex.error().message.find("missing )"), std::string::npos);
}

TEST(Regex, RefusesAPatternThatNeedsTooMuchMemory) {
  EXPECT_FALSE(Regex::compile("((a{1,100}){1,100}){1,100}"));
  std::string large;
  for (int i = 0; i < 200; ++i) large += "[a-z]{999}";
  EXPECT_FALSE(Regex::compile(large));
}

TEST(RegexSet, TellsWhichMatch) {
  const RegexSet set = set_of({"/a.*", "/b", ".*c", "/a/c"});
  EXPECT_EQ(matches(set, "/a/c"), (Ids{0, 2, 3}));
  EXPECT_EQ(matches(set, "/b"), (Ids{1}));
  EXPECT_EQ(matches(set, "/x"), Ids());
  EXPECT_EQ(matches(RegexSet(), "/x"), Ids());
}

TEST(RegexSet, SplitsWhatDoesNotFitIntoTheMemoryOfOnePass) {
  std::vector<std::string> patterns;
  for (int i = 0; i < 150; ++i) {
    patterns.push_back(".*" + std::string(1, static_cast<char>('a' + i % 26)) + ".{" +
                       std::to_string(800 + i) + "}[xy].*");
  }
  const RegexSet set = set_of(patterns);
  std::string text;
  for (int i = 0; i < 2000; ++i) text += static_cast<char>('a' + (i * 7919 + i / 26) % 26);
  Ids expected;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    if (Regex::compile(patterns[i])->matches(text)) expected.insert(i);
  }
  EXPECT_EQ(matches(set, text), expected);
}

}  // namespace
}  // namespace weir::route
