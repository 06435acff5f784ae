#include "core/http/retry_after.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

constexpr std::int64_t kNow = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(RetryAfter, IsANumberOfSeconds) {
  EXPECT_EQ(parse_retry_after("0", kNow), 0u);
  EXPECT_EQ(parse_retry_after("120", kNow), 120u);
  EXPECT_EQ(parse_retry_after("18446744073709551616", kNow), UINT64_MAX);
}

TEST(RetryAfter, IsADate) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", kNow), 0u);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:00 GMT", kNow), 23u);
  EXPECT_EQ(parse_retry_after("Mon, 07 Nov 1994 08:49:37 GMT", kNow), 86'400u);
  EXPECT_EQ(parse_retry_after("Sat, 05 Nov 1994 08:49:37 GMT", kNow), 0u);
}

TEST(RetryAfter, IsNothingElse) {
  for (const std::string_view value :
       {"", " 1", "1 ", "-1", "1.5", "soon", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun,  6 Nov 1994 08:49:37 GM",
        "Sunday, 06-Nov-94 08:49:37 GMT"}) {
    EXPECT_EQ(parse_retry_after(value, kNow), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace weir::http
