#include "core/http/h2_priority.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

H2Priority priority(unsigned urgency, bool incremental) {
  return {.urgency = static_cast<std::uint8_t>(urgency), .incremental = incremental};
}

TEST(H2Priority, ReadsBothParameters) {
  EXPECT_EQ(parse_priority("u=5, i"), priority(5, true));
  EXPECT_EQ(parse_priority("i=?1,u=0"), priority(0, true));
  EXPECT_EQ(parse_priority(" u=7;x ,\t i=?0"), priority(7, false));
  EXPECT_EQ(parse_priority(""), priority(3, false));
}

TEST(H2Priority, LetsTheLastOfEqualsWin) {
  EXPECT_EQ(parse_priority("u=1, u=2"), priority(2, false));
}

TEST(H2Priority, PassesOverWhatItDoesNotKnow) {
  EXPECT_EQ(parse_priority("a, b=1.5, c=\"x\\\"\", d=:YWJj:, e=(1 tok;q=2), f=?0, *g=-3, u=1"),
            priority(1, false));
  EXPECT_EQ(parse_priority("u=8, i=1"), priority(3, false));
  EXPECT_EQ(parse_priority("u=\"1\", i=yes"), priority(3, false));
  EXPECT_EQ(parse_priority("u=01"), priority(3, false));
}

TEST(H2Priority, IgnoresWhatIsNoDictionary) {
  for (const char* text : {"U=1", "u=", "u=1,", "u=1 i", ",u=1", "u=1;", "u=?2", "u=\"a", "u=(1",
                           "u=(1 2", "u=:a", "u=1.", "u=-", "u=1234567890123456", "u=1.2345", "=1",
                           "u=\"\\a\"", "u=\"\n\"", "a=(1,2)"}) {
    EXPECT_EQ(parse_priority(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace weir::http
