#include "config/suggest.h"

#include <array>

#include <gtest/gtest.h>

namespace weir::config {
namespace {

constexpr std::array<std::string_view, 4> kKeys = {"timeout", "retry", "cluster", "tls"};

TEST(DidYouMean, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(did_you_mean("timeot", kKeys), ", did you mean 'timeout'?");
  EXPECT_EQ(did_you_mean("colour", kKeys), "");
}

TEST(JoinOr, ReadsLikeASentence) {
  EXPECT_EQ(join_or({}), "");
  EXPECT_EQ(join_or(std::array<std::string_view, 1>{"a"}), "a");
  EXPECT_EQ(join_or(std::array<std::string_view, 3>{"a", "b", "c"}), "a, b or c");
}

}  // namespace
}  // namespace weir::config
