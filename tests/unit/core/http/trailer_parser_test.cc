#include "core/http/trailer_parser.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h1_feed.h"

namespace weir::http {
namespace {

using feed::Outcome;

Outcome parse(std::string_view bytes, TrailerParser::Limits limits = {}) {
  const auto outcome = feed::same_for_all_splits(bytes.size(), [&](const feed::Pieces& pieces) {
    return feed::trailers(bytes, pieces, limits);
  });
  EXPECT_TRUE(outcome) << "the outcome depends on the split of: " << bytes;
  return outcome.value_or(Outcome());
}

TEST(TrailerParser, AcceptsAnEmptySection) {
  const Outcome outcome = parse("\r\nGET /");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.head_size, 2u);
  EXPECT_EQ(outcome.headers, "");
}

TEST(TrailerParser, ReadsFields) {
  const Outcome outcome = parse("Grpc-Status: 0\r\nX-Checksum:  abc \r\n\r\nnext");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.headers, "grpc-status: 0\nx-checksum: abc\n");
  EXPECT_EQ(outcome.head_size, 37u);
}

TEST(TrailerParser, RefusesFieldsThatFrameRouteAuthenticateOrDescribe) {
  for (const char* name : {"Transfer-Encoding",
                           "Content-Length",
                           "Host",
                           "Connection",
                           "Trailer",
                           "TE",
                           "Upgrade",
                           "Keep-Alive",
                           "Authorization",
                           "Cookie",
                           "Set-Cookie",
                           "Proxy-Authorization",
                           "WWW-Authenticate",
                           "Cache-Control",
                           "Expect",
                           "Max-Forwards",
                           "Pragma",
                           "Range",
                           "If-Match",
                           "If-None-Match",
                           "Content-Encoding",
                           "Content-Type",
                           "Content-Range",
                           "X-Forwarded-For",
                           "X-Forwarded-Prefix",
                           "X-Forwarded-Ssl",
                           "X_Forwarded_For",
                           "X_Real-IP",
                           "Forwarded",
                           "Date",
                           "Location",
                           "Vary",
                           "Age"}) {
    const Outcome outcome = parse("X: y\r\n" + std::string(name) + ": 1\r\n\r\n");
    EXPECT_EQ(outcome.status, ParseStatus::Failed) << name;
    EXPECT_EQ(outcome.why, "forbidden_trailer") << name;
  }
}

TEST(TrailerParser, AppliesTheRulesOfHeaderFields) {
  EXPECT_EQ(parse("X : y\r\n\r\n").why, "space_before_colon");
  EXPECT_EQ(parse("X: y\n\r\n").why, "bare_lf");
  EXPECT_EQ(parse("X: y\r\n z\r\n\r\n").why, "obs_fold");
  EXPECT_EQ(parse(" X: y\r\n\r\n").why, "leading_white_space");
  EXPECT_EQ(parse("X: y\rz\r\n\r\n").why, "bare_cr");
  EXPECT_EQ(parse("X\r\n\r\n").why, "missing_colon");
  EXPECT_EQ(parse("\n").why, "bare_lf");
}

TEST(TrailerParser, EnforcesItsLimitsExactly) {
  const TrailerParser::Limits limits{.bytes = 20, .fields = 2};
  EXPECT_EQ(parse("X: 1\r\nY: 234567\r\n\r\nz", limits).head_size, 19u);
  EXPECT_EQ(parse("X: 1\r\nY: 2345678\r\n\r\nz", limits).head_size, 20u);
  EXPECT_EQ(parse("X: 1\r\nY: 23456789\r\n\r\n", limits).why, "head_too_large");
  EXPECT_EQ(parse("X:1\r\nY:2\r\nZ:3\r\n\r\n", limits).why, "too_many_fields");
}

TEST(TrailerParser, ReadsTheNextSectionAfterReset) {
  Arena arena;
  HeaderMap trailers(arena);
  TrailerParser parser;
  std::string bad = "X y\r\n\r\n";
  std::string good = "X: y\r\n\r\n";
  EXPECT_EQ(parser.parse(bad, trailers), ParseStatus::Failed);
  parser.reset();
  trailers.clear();
  EXPECT_EQ(parser.parse(good, trailers), ParseStatus::Complete);
  EXPECT_EQ(trailers.get("x"), "y");
}

}  // namespace
}  // namespace weir::http
