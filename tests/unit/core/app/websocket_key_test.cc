#include "core/app/websocket_key.h"

#include <gtest/gtest.h>

namespace weir::app {
namespace {

TEST(WebSocketKey, AnswersTheKeyOfTheStandard) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketKey, TakesKeysThatFillMoreThanOneBlock) {
  EXPECT_EQ(websocket_accept(std::string(64, 'x')), "4FGVtn97aCcao3xzZ5Y1zkEgvLc=");
  EXPECT_EQ(websocket_accept(""), "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=");
}

}  // namespace
}  // namespace weir::app
