#include "core/base/suggest.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr std::array<std::string_view, 4> kKeys = {"timeout", "retry", "cluster", "tls"};

TEST(Nearest, FindsAWordWithOneSlip) {
  EXPECT_EQ(nearest("timeot", kKeys), "timeout");
  EXPECT_EQ(nearest("timeoutt", kKeys), "timeout");
  EXPECT_EQ(nearest("timeaut", kKeys), "timeout");
}

TEST(Nearest, CountsSwappedNeighboursAsOneSlip) {
  EXPECT_EQ(nearest("tsl", kKeys), "tls");
  EXPECT_EQ(nearest("rtery", kKeys), "retry");
  EXPECT_EQ(nearest("rtyer", kKeys), "");
  EXPECT_EQ(nearest("clutsre", kKeys), "cluster");
}

TEST(Nearest, AllowsTwoSlipsOnlyInWordsOfSixLettersOrMore) {
  EXPECT_EQ(nearest("cluzzer", kKeys), "cluster");
  EXPECT_EQ(nearest("txs", kKeys), "tls");
  EXPECT_EQ(nearest("xxs", kKeys), "");
  EXPECT_EQ(nearest("rezzy", kKeys), "");
}

TEST(Nearest, PrefersSwappedNeighboursToAnotherLetter) {
  EXPECT_EQ(nearest("tsl", std::array<std::string_view, 2>{"ssl", "tls"}), "tls");
  EXPECT_EQ(nearest("bd", std::array<std::string_view, 2>{"cd", "db"}), "db");
}

TEST(Nearest, TakesTwoLettersForThoseSwappedAndForOneMoreOrLess) {
  EXPECT_EQ(nearest("tl", kKeys), "tls");
  EXPECT_EQ(nearest("bd", std::array<std::string_view, 2>{"ca", "db"}), "db");
  EXPECT_EQ(nearest("ab", std::array<std::string_view, 1>{"a"}), "a");
  EXPECT_EQ(nearest("r2", std::array<std::string_view, 2>{"r1", "r10"}), "");
  EXPECT_EQ(nearest("t", kKeys), "");
  EXPECT_EQ(nearest("by", std::array<std::string_view, 2>{"be", "by"}), "by");
}

TEST(Nearest, TakesTwoLettersForOthersButNoDigitForAnother) {
  EXPECT_EQ(nearest("cs", std::array<std::string_view, 1>{"ca"}), "ca");
  EXPECT_EQ(nearest("v1", std::array<std::string_view, 2>{"w1", "v2"}), "w1");
  EXPECT_EQ(nearest("v3", std::array<std::string_view, 2>{"v1", "v2"}), "");
}

TEST(Nearest, TakesOneLetterForTwoAndForTheSameInAnotherCase) {
  EXPECT_EQ(nearest("d", std::array<std::string_view, 2>{"api", "db"}), "db");
  EXPECT_EQ(nearest("A", std::array<std::string_view, 2>{"b", "a"}), "a");
  EXPECT_EQ(nearest("CA", std::array<std::string_view, 1>{"ca"}), "ca");
  EXPECT_EQ(nearest("a", std::array<std::string_view, 2>{"b", "cd"}), "");
  EXPECT_EQ(nearest("-", std::array<std::string_view, 1>{"_"}), "");
}

TEST(Nearest, FindsOneSlipInAWordOfAnyLength) {
  const std::string right = std::string(80, 'n') + "-orders-" + std::string(80, 'm');
  const std::array<std::string_view, 2> known = {"orders", right};
  for (const std::string_view wrong : {"-orers-", "-ordders-", "-oders-", "-ordesr-"}) {
    EXPECT_EQ(nearest(std::string(80, 'n') + std::string(wrong) + std::string(80, 'm'), known),
              right);
  }
  EXPECT_EQ(nearest(std::string(80, 'n') + "-odrres-" + std::string(80, 'm'), known), "");
}

TEST(Nearest, KnowsAWordInAnotherSpelling) {
  constexpr std::array<std::string_view, 2> kLong = {"max_request_line", "max_request_head"};
  EXPECT_EQ(nearest("maxRequestHead", kLong), "max_request_head");
  EXPECT_EQ(nearest("max-request-head", kLong), "max_request_head");
  EXPECT_EQ(nearest("MAX_REQUEST_HEAD_", kLong), "max_request_head");
  EXPECT_EQ(nearest("maxHeadRequest", kLong), "");
}

TEST(Nearest, IsSilentAboutNothingAndVeryLongWords) {
  EXPECT_EQ(nearest("", kKeys), "");
  EXPECT_EQ(nearest("", std::array<std::string_view, 1>{"a"}), "");
  EXPECT_EQ(nearest(std::string(100'000, 't'), kKeys), "");
}

TEST(Nearest, PrefersTheSmallerDistance) {
  EXPECT_EQ(nearest("headerz", std::array<std::string_view, 2>{"leader", "headers"}), "headers");
}

TEST(IsSlip, KnowsSwappedMissingAddedAndOtherLetters) {
  EXPECT_TRUE(is_slip("wbe", "web"));
  EXPECT_TRUE(is_slip("shpo", "shop"));
  EXPECT_TRUE(is_slip("helth", "health"));
  EXPECT_TRUE(is_slip("heaalth", "health"));
  EXPECT_TRUE(is_slip("heslth", "health"));
  EXPECT_TRUE(is_slip("helth-1", "health-1"));
}

TEST(IsSlip, TakesOtherDigitsAndEndsOfWordsForOtherThings) {
  for (const auto& [word, other] :
       std::array<std::array<std::string_view, 2>, 10>{{{"r1", "r2"},
                                                        {"web1", "web2"},
                                                        {"web-a", "web-b"},
                                                        {"web-a-1", "web-b-1"},
                                                        {"a-web", "b-web"},
                                                        {"shop", "shops"},
                                                        {"shop-api", "shops-api"},
                                                        {"web1", "web"},
                                                        {"1web", "2web"},
                                                        {"v12x", "v21x"}}}) {
    EXPECT_FALSE(is_slip(word, other)) << word;
    EXPECT_FALSE(is_slip(other, word)) << word;
  }
}

TEST(IsSlip, IsNeitherNothingNorTwoSlips) {
  EXPECT_FALSE(is_slip("health", "health"));
  EXPECT_FALSE(is_slip("hlth", "health"));
  EXPECT_FALSE(is_slip("ehalht", "health"));
  EXPECT_FALSE(is_slip("api", "api-next"));
  EXPECT_FALSE(is_slip("", ""));
  EXPECT_FALSE(is_slip("", "a"));
  EXPECT_FALSE(is_slip("ba", "ab"));
}

TEST(JoinOr, ReadsLikeASentence) {
  EXPECT_EQ(join_or(std::array<std::string_view, 0>()), "");
  EXPECT_EQ(join_or(std::array<std::string_view, 1>{"a"}), "a");
  EXPECT_EQ(join_or(std::array<std::string_view, 3>{"a", "b", "c"}), "a, b or c");
}

TEST(DidYouMean, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(did_you_mean("timeot", kKeys), ", did you mean 'timeout'?");
  EXPECT_EQ(did_you_mean("colour", kKeys), "");
}

}  // namespace
}  // namespace weir
