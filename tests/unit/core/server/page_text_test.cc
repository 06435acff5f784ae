#include "core/server/page_text.h"

#include <gtest/gtest.h>

namespace weir::server {
namespace {

TEST(SpanText, HasTheTwoUnitsThatMatter) {
  EXPECT_EQ(span_text(0), "0s");
  EXPECT_EQ(span_text(1), "1ms");
  EXPECT_EQ(span_text(1'500), "1500ms");
  EXPECT_EQ(span_text(9'999), "9999ms");
  EXPECT_EQ(span_text(10'999), "10s");
  EXPECT_EQ(span_text(59'999), "59s");
  EXPECT_EQ(span_text(60'000), "1m0s");
  EXPECT_EQ(span_text(185'000), "3m5s");
  EXPECT_EQ(span_text(3'599'999), "59m59s");
  EXPECT_EQ(span_text(7'800'000), "2h10m");
  EXPECT_EQ(span_text(86'399'999), "23h59m");
  EXPECT_EQ(span_text(std::int64_t{4} * 86'400'000 + 3 * 3'600'000), "4d3h");
}

TEST(TimeText, IsThatOfGreenwichInSeconds) {
  EXPECT_EQ(time_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(time_text(1'795'693'869'999'999), "2026-11-26T11:51:09Z");
}

TEST(Columns, ShowNothingThatATerminalWouldObey) {
  EXPECT_EQ(to_columns(Json::array({{{"path", "/\x1b[2J\u202e"}, {"n", 1}}})),
            "path            n\n/\\x1b[2J\\u202e  1\n");
}

}  // namespace
}  // namespace weir::server
