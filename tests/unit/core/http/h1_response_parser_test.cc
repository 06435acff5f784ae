#include "core/http/h1_response_parser.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h1_feed.h"

namespace weir::http {
namespace {

using feed::Outcome;

Outcome parse_response(std::string_view bytes, Method method = Method::Get, H1Limits limits = {}) {
  const auto outcome = feed::same_for_all_splits(bytes.size(), [&](const feed::Pieces& pieces) {
    return feed::response(bytes, pieces, method, limits);
  });
  EXPECT_TRUE(outcome) << "the outcome depends on the split of: " << bytes;
  return outcome.value_or(Outcome());
}

Outcome parse_response_fields(std::string_view lines, std::string_view start = "HTTP/1.1 200 OK",
                              Method method = Method::Get) {
  return parse_response(std::string(start) + "\r\n" + std::string(lines) + "\r\n", method);
}

void expect_refused(const Outcome& outcome, std::string_view why) {
  EXPECT_EQ(outcome.status, ParseStatus::Failed);
  EXPECT_EQ(outcome.code, 502);
  EXPECT_EQ(outcome.why, why);
}

TEST(H1ResponseParser, FillsTheResponse) {
  const Outcome outcome = parse_response(
      "HTTP/1.1 404 Not Found here\r\nServer: x\r\nContent-Length: 5\r\nSet-Cookie: a\r\n"
      "Set-Cookie: b\r\n\r\nhello");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.http_status, 404);
  EXPECT_EQ(outcome.reason, "Not Found here");
  EXPECT_EQ(outcome.version, Version::Http11);
  EXPECT_EQ(outcome.body, BodyKind::Length);
  EXPECT_EQ(outcome.content_length, 5u);
  EXPECT_TRUE(outcome.keep_alive);
  EXPECT_EQ(outcome.headers, "server: x\ncontent-length: 5\nset-cookie: a\nset-cookie: b\n");
}

TEST(H1ResponseParser, AcceptsAnEmptyReasonWithAndWithoutItsSpace) {
  EXPECT_EQ(parse_response("HTTP/1.1 200 \r\n\r\n").reason, "");
  EXPECT_EQ(parse_response("HTTP/1.1 200\r\n\r\n").http_status, 200);
}

TEST(H1ResponseParser, AcceptsObsoleteTextAndTabsInTheReason) {
  EXPECT_EQ(parse_response("HTTP/1.1 200 \t\xc3\xa4 b \r\n\r\n").reason, "\xc3\xa4 b");
}

TEST(H1ResponseParser, RefusesAMalformedStatusLine) {
  for (const char* line :
       {"HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK", "HTTP/1.1 099 X",
        "HTTP/1.1 2x0 OK", "HTTP/1.1 -20 OK", "HTTP/1.1 200\tOK", "HTTP/1.1\t200",
        "HTTP/1.1 200 O\x01K", "HTTP/1.1 200 O\x7fK"}) {
    expect_refused(parse_response_fields("", line), "bad_status_line");
  }
}

TEST(H1ResponseParser, RefusesOtherVersions) {
  for (const char* line : {"HTTP/2.0 200 OK", "HTTP/1.2 200 OK", "HTTP/0.9 200 OK"}) {
    expect_refused(parse_response_fields("", line), "unsupported_version");
  }
  for (const char* line :
       {"http/1.1 200 OK", "ICY 200 OK", " HTTP/1.1 200 OK", "\r\nHTTP/1.1 200"}) {
    expect_refused(parse_response_fields("", line), "bad_version");
  }
}

TEST(H1ResponseParser, RefusesBareLineEndings) {
  expect_refused(parse_response("HTTP/1.1 200 OK\n\r\n"), "bare_lf");
  expect_refused(parse_response("HTTP/1.1 200\n\r\n"), "bare_lf");
  expect_refused(parse_response("HTTP/1.1 200 OK\rX: y\r\n\r\n"), "bare_cr");
  expect_refused(parse_response("HTTP/1.1 200 OK\r\nX: y\n\r\n"), "bare_lf");
  expect_refused(parse_response("HTTP/1.1 200 OK\r\nX: y\rz\r\n\r\n"), "bare_cr");
  expect_refused(parse_response("HTTP/1.1 200 OK\r\nX: y\r\n\n"), "bare_lf");
}

TEST(H1ResponseParser, RefusesMalformedFields) {
  expect_refused(parse_response_fields("X: a\r\n b\r\n"), "obs_fold");
  expect_refused(parse_response_fields(" X: a\r\n"), "leading_white_space");
  expect_refused(parse_response_fields("X : a\r\n"), "space_before_colon");
  expect_refused(parse_response_fields("X\r\n"), "missing_colon");
  expect_refused(parse_response_fields("X(: a\r\n"), "bad_header_name");
  expect_refused(parse_response_fields("X: a\x01\r\n"), "control_in_value");
}

TEST(H1ResponseParser, RefusesFramingThatCanBeReadInTwoWays) {
  expect_refused(parse_response_fields("Content-Length: +5\r\n"), "bad_content_length");
  expect_refused(parse_response_fields("Content-Length: 5, 5\r\n"), "bad_content_length");
  expect_refused(parse_response_fields("Content-Length: 5\r\nContent-Length: 5\r\n"),
                 "repeated_content_length");
  expect_refused(parse_response_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                 "te_and_cl");
  expect_refused(parse_response_fields("Transfer-Encoding: gzip, chunked\r\n"),
                 "bad_transfer_encoding");
  expect_refused(parse_response_fields("Transfer-Encoding: xchunked\r\n"), "bad_transfer_encoding");
  expect_refused(
      parse_response_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
      "bad_transfer_encoding");
  expect_refused(parse_response_fields("Transfer-Encoding: chunked\r\n", "HTTP/1.0 200 OK"),
                 "te_in_http_1_0");
  expect_refused(parse_response_fields("Connection: a b\r\n"), "bad_connection");
}

TEST(H1ResponseParser, ReadsAChunkedBody) {
  const Outcome outcome = parse_response_fields("Transfer-Encoding: Chunked\r\n");
  EXPECT_EQ(outcome.body, BodyKind::Chunked);
  EXPECT_TRUE(outcome.keep_alive);
}

TEST(H1ResponseParser, ReadsABodyWithoutFramingUntilClose) {
  const Outcome outcome = parse_response_fields("Connection: keep-alive\r\n");
  EXPECT_EQ(outcome.body, BodyKind::UntilClose);
  EXPECT_FALSE(outcome.keep_alive);
}

TEST(H1ResponseParser, SaysThatALengthOfZeroIsNoBody) {
  const Outcome outcome = parse_response_fields("Content-Length: 0\r\n");
  EXPECT_EQ(outcome.body, BodyKind::None);
  EXPECT_TRUE(outcome.keep_alive);
}

TEST(H1ResponseParser, ReadsNoBodyInAnswerToHead) {
  for (const char* lines : {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
    const Outcome outcome = parse_response_fields(lines, "HTTP/1.1 200 OK", Method::Head);
    EXPECT_EQ(outcome.body, BodyKind::None);
    EXPECT_TRUE(outcome.keep_alive);
  }
}

TEST(H1ResponseParser, ReadsNoBodyOf304) {
  for (const char* lines : {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
    EXPECT_EQ(parse_response_fields(lines, "HTTP/1.1 304 Not Modified").body, BodyKind::None);
  }
}

TEST(H1ResponseParser, ReadsNoBodyOf204AndInterimResponses) {
  for (const char* start : {"HTTP/1.1 204 No Content", "HTTP/1.1 100 Continue",
                            "HTTP/1.1 103 Early Hints", "HTTP/1.1 101 Switching Protocols"}) {
    EXPECT_EQ(parse_response_fields("", start).body, BodyKind::None);
    EXPECT_TRUE(parse_response_fields("", start).keep_alive);
    EXPECT_EQ(parse_response_fields("Content-Length: 0\r\n", start).body, BodyKind::None);
    expect_refused(parse_response_fields("Content-Length: 5\r\n", start), "body_not_allowed");
    expect_refused(parse_response_fields("Transfer-Encoding: chunked\r\n", start),
                   "body_not_allowed");
  }
}

TEST(H1ResponseParser, RefusesABodyOf205) {
  EXPECT_EQ(parse_response_fields("Content-Length: 0\r\n", "HTTP/1.1 205 Reset").body,
            BodyKind::None);
  EXPECT_EQ(parse_response_fields("Transfer-Encoding: chunked\r\n", "HTTP/1.1 205 Reset").body,
            BodyKind::Chunked);
  EXPECT_EQ(parse_response_fields("", "HTTP/1.1 205 Reset").body, BodyKind::UntilClose);
  expect_refused(parse_response_fields("Content-Length: 5\r\n", "HTTP/1.1 205 Reset"),
                 "body_not_allowed");
}

TEST(H1ResponseParser, KeepsHttp10AliveOnlyWhenItSaysSo) {
  const char* start = "HTTP/1.0 200 OK";
  EXPECT_FALSE(parse_response_fields("Content-Length: 5\r\n", start).keep_alive);
  EXPECT_TRUE(
      parse_response_fields("Content-Length: 5\r\nConnection: Keep-Alive\r\n", start).keep_alive);
  EXPECT_FALSE(parse_response_fields("Connection: keep-alive\r\n", start).keep_alive);
  EXPECT_FALSE(parse_response_fields("Content-Length: 5\r\nConnection: close\r\n").keep_alive);
}

TEST(H1ResponseParser, GivesTheProtocolOfA101) {
  EXPECT_EQ(parse_response_fields("Connection: upgrade\r\nUpgrade: websocket\r\n",
                                  "HTTP/1.1 101 Switching Protocols")
                .upgrade,
            "websocket");
  EXPECT_EQ(parse_response_fields("Upgrade: h2c\r\n").upgrade, "");
}

TEST(H1ResponseParser, ReadsAFinalResponseAfterAnInterimOne) {
  std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  std::string final = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  Arena arena;
  Response response(arena);
  H1ResponseParser parser;
  ASSERT_EQ(parser.parse(interim, Method::Get, response), ParseStatus::Complete);
  EXPECT_EQ(parser.head_size(), interim.size());
  parser.reset();
  response.forget();
  ASSERT_EQ(parser.parse(final, Method::Get, response), ParseStatus::Complete);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.size(), 1u);
}

TEST(H1ResponseParser, IgnoresHostAndExpect) {
  EXPECT_EQ(parse_response_fields("Host: a b\r\nHost: c\r\nExpect: x\r\n").status,
            ParseStatus::Complete);
}

TEST(H1ResponseParser, EnforcesTheHeadLimitExactly) {
  const H1Limits limits{.head_bytes = 100, .fields = 10};
  const std::string start = "HTTP/1.1 200 ";
  const std::string longest = start + std::string(100 - start.size() - 4, 'x') + "\r\n\r\n";
  EXPECT_EQ(parse_response(longest, Method::Get, limits).status, ParseStatus::Complete);
  expect_refused(parse_response(start + "x" + longest.substr(start.size()), Method::Get, limits),
                 "head_too_large");
  expect_refused(parse_response(start + std::string(200, 'x'), Method::Get, limits),
                 "head_too_large");
}

TEST(H1ResponseParser, EnforcesTheFieldLimitExactly) {
  const H1Limits limits{.head_bytes = 1000, .fields = 2};
  const std::string start = "HTTP/1.1 200 OK\r\nX: 1\r\nX: 2\r\n";
  EXPECT_EQ(parse_response(start + "\r\n", Method::Get, limits).status, ParseStatus::Complete);
  expect_refused(parse_response(start + "X: 3\r\n\r\n", Method::Get, limits), "too_many_fields");
}

}  // namespace
}  // namespace weir::http
