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

}  // namespace
}  // namespace weir::config
