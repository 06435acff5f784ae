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

}  // namespace
}  // namespace weir::config
