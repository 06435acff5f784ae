#include "core/http/h1_request_parser.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h1_feed.h"

namespace weir::http {
namespace {

using feed::Outcome;
using namespace std::string_view_literals;

Outcome parse(std::string_view bytes, H1Limits limits = {}) {
  const auto outcome = feed::same_for_all_splits(bytes.size(), [&](const feed::Pieces& pieces) {
    return feed::request(bytes, pieces, limits);
  });
  EXPECT_TRUE(outcome) << "the outcome depends on the split of: " << bytes;
  return outcome.value_or(Outcome());
}

// A GET with Host and these field lines, each with its line end.
Outcome parse_fields(std::string_view lines) {
  return parse("GET / HTTP/1.1\r\nHost: a.example\r\n" + std::string(lines) + "\r\n");
}

void expect_refused(const Outcome& outcome, int code, std::string_view why) {
  EXPECT_EQ(outcome.status, ParseStatus::Failed);
  EXPECT_EQ(outcome.code, code);
  EXPECT_EQ(outcome.why, why);
}

TEST(H1RequestParser, FillsTheRequest) {
  const Outcome outcome = parse(
      "POST /a/b?c=d&e HTTP/1.1\r\nHost: Shop.Example:8080\r\nUser-Agent:  x y\t \r\n"
      "X-Empty:\r\ncontent-length: 12\r\nX-Two: 1\r\nX-TWO: 2\r\n\r\nhello, world");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.method, Method::Post);
  EXPECT_EQ(outcome.method_name, "POST");
  EXPECT_EQ(outcome.version, Version::Http11);
  EXPECT_EQ(outcome.path, "/a/b");
  EXPECT_EQ(outcome.query, "?c=d&e");
  EXPECT_EQ(outcome.scheme, "");
  EXPECT_EQ(outcome.authority, "shop.example:8080");
  EXPECT_EQ(outcome.host, "shop.example");
  EXPECT_EQ(outcome.body, BodyKind::Length);
  EXPECT_EQ(outcome.content_length, 12u);
  EXPECT_EQ(outcome.headers,
            "user-agent: x y\nx-empty: \ncontent-length: 12\nx-two: 1\nx-two: 2\n");
  EXPECT_EQ(outcome.head_size, 123u);
}

TEST(H1RequestParser, LeavesTheBytesBehindTheHeadAlone) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /NEXT HTTP/1.1\r\nHOST: B\r\n\r\n";
  const std::string before = bytes;
  Arena arena;
  Request request(arena);
  H1RequestParser parser;
  ASSERT_EQ(parser.parse(bytes, request), ParseStatus::Complete);
  EXPECT_EQ(parser.head_size(), 27u);
  EXPECT_EQ(bytes.substr(27), before.substr(27));
}

TEST(H1RequestParser, ReadsTheNextMessageAfterReset) {
  std::string first = "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
  std::string second = "GET /x HTTP/1.1\r\nHost: b\r\n\r\n";
  Arena arena;
  Request request(arena);
  H1RequestParser parser;
  ASSERT_EQ(parser.parse(first, request), ParseStatus::Complete);
  EXPECT_FALSE(parser.keep_alive());
  parser.reset();
  request.forget();
  arena.reset();
  ASSERT_EQ(parser.parse(second, request), ParseStatus::Complete);
  EXPECT_TRUE(parser.keep_alive());
  EXPECT_EQ(request.path, "/x");
  EXPECT_EQ(request.body, BodyKind::None);
  EXPECT_EQ(request.headers.size(), 0u);
}

TEST(H1RequestParser, InternsKnownNamesInAnyCase) {
  std::string bytes = "GET / HTTP/1.1\r\nHOST: a\r\nuSER-aGENT: x\r\nX-Own: y\r\n\r\n";
  Arena arena;
  Request request(arena);
  H1RequestParser parser;
  ASSERT_EQ(parser.parse(bytes, request), ParseStatus::Complete);
  EXPECT_EQ(request.headers.get(HeaderId::UserAgent), "x");
  EXPECT_EQ(request.headers.get("x-own"), "y");
  EXPECT_FALSE(request.headers.has(HeaderId::Host));
}

TEST(H1RequestParser, SaysIncompleteForEveryPrefix) {
  const std::string_view bytes = "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(feed::request(bytes.substr(0, size), feed::whole()).status, ParseStatus::Incomplete)
        << size;
  }
}

TEST(H1RequestParser, SkipsOneEmptyLineBeforeTheRequest) {
  const Outcome outcome = parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.head_size, 29u);
}

TEST(H1RequestParser, RefusesTwoEmptyLinesBeforeTheRequest) {
  expect_refused(parse("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_request_line");
}

TEST(H1RequestParser, RefusesABareLineFeedBeforeTheRequest) {
  expect_refused(parse("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bare_lf");
}

TEST(H1RequestParser, RefusesABareCarriageReturnBeforeTheRequest) {
  expect_refused(parse("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bare_cr");
}

TEST(H1RequestParser, RefusesABareLineFeedAtTheEndOfAnyLine) {
  expect_refused(parse("GET / HTTP/1.1\nHost: a\r\n\r\n"), 400, "bare_lf");
  expect_refused(parse("GET /\nHost: a\r\n\r\n"), 400, "bare_lf");
  expect_refused(parse("GET\nHost: a\r\n\r\n"), 400, "bare_lf");
  expect_refused(parse("GET / HTTP/1.1\r\nHost: a\n\r\n"), 400, "bare_lf");
  expect_refused(parse("GET / HTTP/1.1\r\nHost: a\r\n\n"), 400, "bare_lf");
  expect_refused(parse("GET / HTTP/1.1\r\nHost: a\r\nX\n\r\n"), 400, "bare_lf");
}

TEST(H1RequestParser, RefusesABareCarriageReturn) {
  expect_refused(parse("GET / HTTP/1.1\rHost: a\r\n\r\n"), 400, "bare_cr");
  expect_refused(parse_fields("X: a\rb\r\n"), 400, "bare_cr");
  expect_refused(parse_fields("X: a\r\r\n"), 400, "bare_cr");
  expect_refused(parse("GET / HTTP/1.1\r\nHost: a\r\n\rX"), 400, "bare_cr");
}

TEST(H1RequestParser, RefusesAFoldedValue) {
  expect_refused(parse_fields("X: a\r\n b\r\n"), 400, "obs_fold");
  expect_refused(parse_fields("X: a\r\n\tb\r\n"), 400, "obs_fold");
  expect_refused(parse_fields("Transfer-Encoding:\r\n chunked\r\n"), 400, "obs_fold");
}

TEST(H1RequestParser, RefusesWhiteSpaceBeforeTheFirstField) {
  expect_refused(parse("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), 400, "leading_white_space");
  expect_refused(parse("GET / HTTP/1.1\r\n\tHost: a\r\n\r\n"), 400, "leading_white_space");
}

TEST(H1RequestParser, RefusesWhiteSpaceBeforeTheColon) {
  expect_refused(parse_fields("Transfer-Encoding : chunked\r\n"), 400, "space_before_colon");
  expect_refused(parse_fields("Content-Length\t: 5\r\n"), 400, "space_before_colon");
}

TEST(H1RequestParser, RefusesAFieldWithoutAColon) {
  expect_refused(parse_fields("X-Nothing\r\n"), 400, "missing_colon");
}

TEST(H1RequestParser, RefusesANameThatIsNoToken) {
  for (char c : "\0\x01\x0b\x7f\x80\xff()<>@,;\\\"/[]?={}"sv) {
    expect_refused(parse_fields(std::string("X") + c + "Y: z\r\n"), 400, "bad_header_name");
  }
  expect_refused(parse_fields(": x\r\n"), 400, "bad_header_name");
}

TEST(H1RequestParser, AcceptsEveryTokenCharacterInAName) {
  EXPECT_EQ(parse_fields("!#$%&'*+-.^_`|~09azAZ: x\r\n").headers, "!#$%&'*+-.^_`|~09azaz: x\n");
}

TEST(H1RequestParser, RefusesControlCharactersInAValue) {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\t' || c == '\r' || c == '\n') continue;
    expect_refused(parse_fields(std::string("X: a") + static_cast<char>(c) + "b\r\n"), 400,
                   "control_in_value");
    // Beyond the first sixteen bytes too, which are looked at together.
    expect_refused(parse_fields("X: " + std::string(21, 'a') + static_cast<char>(c) + "b\r\n"), 400,
                   "control_in_value");
  }
  expect_refused(parse_fields("X: a\x7f\r\n"), 400, "control_in_value");
}

TEST(H1RequestParser, AcceptsTabsAndObsoleteTextInAValue) {
  EXPECT_EQ(parse_fields("X: a\tb\x80\xff c\r\n").headers, "x: a\tb\x80\xff c\n");
}

TEST(H1RequestParser, RefusesAMethodThatIsNoToken) {
  expect_refused(parse("G@T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_method");
  expect_refused(parse("\x16\x03\x01\x02\x00\x01"), 400, "bad_request_line");
  expect_refused(parse("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_method");
  expect_refused(parse(" GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_request_line");
}

TEST(H1RequestParser, AcceptsAMethodItDoesNotKnow) {
  const Outcome outcome = parse("get / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(outcome.method, Method::Other);
  EXPECT_EQ(outcome.method_name, "get");
}

TEST(H1RequestParser, RefusesConnect) {
  expect_refused(parse("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"), 501,
                 "connect_not_supported");
}

TEST(H1RequestParser, RefusesExtraSpacesInTheRequestLine) {
  expect_refused(parse("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_request_line");
  expect_refused(parse("GET /  HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_version");
  expect_refused(parse("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), 400, "bad_request_line");
  expect_refused(parse("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_version");
}

TEST(H1RequestParser, RefusesHttp09) {
  expect_refused(parse("GET /\r\n"), 400, "bad_request_line");
  expect_refused(parse("GET\r\n"), 400, "bad_request_line");
}

TEST(H1RequestParser, RefusesOtherVersions) {
  for (const char* version : {"HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/3.1"}) {
    expect_refused(parse("GET / " + std::string(version) + "\r\nHost: a\r\n\r\n"), 505,
                   "unsupported_version");
  }
  expect_refused(parse("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505, "unsupported_version");
}

TEST(H1RequestParser, RefusesAMalformedVersion) {
  for (const char* version : {"http/1.1", "HTTP/1,1", "HTTP/11", "HTTP/.1", "HTTPS/1.1", "HTTP/a.1",
                              "HTTP 1.1", "ICAP/1.0"}) {
    expect_refused(parse("GET / " + std::string(version) + "\r\nHost: a\r\n\r\n"), 400,
                   "bad_version");
  }
  expect_refused(parse("GET / HTTP/1.10\r\nHost: a\r\n\r\n"), 400, "bad_request_line");
}

TEST(H1RequestParser, RefusesAFragment) {
  expect_refused(parse("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "fragment_in_target");
  expect_refused(parse("GET /a?b#c HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "fragment_in_target");
}

TEST(H1RequestParser, RefusesCharactersThatNoTargetHas) {
  for (char c : "\0\x01\t\x0b\x7f\x80\xff\"<>\\"sv) {
    expect_refused(parse(std::string("GET /") + c + " HTTP/1.1\r\nHost: a\r\n\r\n"), 400,
                   "bad_target");
    expect_refused(parse(std::string("GET /?") + c + " HTTP/1.1\r\nHost: a\r\n\r\n"), 400,
                   "bad_target");
  }
}

TEST(H1RequestParser, AcceptsInTheQueryWhatBrowsersDoNotEscape) {
  EXPECT_EQ(parse("GET /?a[]={b|c}^`? HTTP/1.1\r\nHost: a\r\n\r\n").query, "?a[]={b|c}^`?");
  for (char c : std::string("{|}^`")) {
    expect_refused(parse(std::string("GET /") + c + " HTTP/1.1\r\nHost: a\r\n\r\n"), 400,
                   "bad_target");
  }
}

TEST(H1RequestParser, AcceptsAnAsteriskOnlyForOptions) {
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path, "*");
  expect_refused(parse("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_target");
  expect_refused(parse("OPTIONS *?a HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_target");
  expect_refused(parse("OPTIONS *a HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_target");
}

TEST(H1RequestParser, RefusesTheAuthorityFormAndRelativeTargets) {
  expect_refused(parse("GET a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n"), 400,
                 "bad_target");
  expect_refused(parse("GET a/b HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_target");
  expect_refused(parse("GET ?a HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "bad_target");
}

TEST(H1RequestParser, TakesTheAbsoluteFormApart) {
  const Outcome outcome =
      parse("GET HTTP://A.Example:81/B?C HTTP/1.1\r\nHost: a.EXAMPLE:81\r\n\r\n");
  EXPECT_EQ(outcome.scheme, "http");
  EXPECT_EQ(outcome.authority, "a.example:81");
  EXPECT_EQ(outcome.host, "a.example");
  EXPECT_EQ(outcome.path, "/B");
  EXPECT_EQ(outcome.query, "?C");
  EXPECT_EQ(parse("GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n").scheme, "https");
}

TEST(H1RequestParser, GivesAnAbsoluteFormWithoutAPathTheRoot) {
  EXPECT_EQ(parse("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n").path, "/");
  const Outcome outcome = parse("GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(outcome.path, "/");
  EXPECT_EQ(outcome.query, "?b");
  EXPECT_EQ(parse("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n").path, "*");
  EXPECT_EQ(parse("OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\n\r\n").path, "/");
}

TEST(H1RequestParser, RefusesOtherSchemes) {
  for (const char* target : {"ftp://a/", "://a/", "httpx://a/", "http:/a", "http:a", "ws://a/"}) {
    expect_refused(parse("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n"), 400,
                   "bad_target");
  }
}

TEST(H1RequestParser, RefusesABadHostInTheTarget) {
  for (const char* host : {"", "u@a", "u:p@a", "a:", "a:x", "[::1", "a:99999"}) {
    const std::string text(host);
    expect_refused(parse("GET http://" + text + "/ HTTP/1.1\r\nHost: " + text + "\r\n\r\n"), 400,
                   "bad_host");
  }
}

TEST(H1RequestParser, RefusesAHostThatDiffersFromTheTarget) {
  expect_refused(parse("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n"), 400, "host_mismatch");
  expect_refused(parse("GET http://a/ HTTP/1.1\r\nHost: a:80\r\n\r\n"), 400, "host_mismatch");
  expect_refused(parse("GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n"), 400, "host_mismatch");
}

TEST(H1RequestParser, RefusesHttp11WithoutAHost) {
  expect_refused(parse("GET / HTTP/1.1\r\n\r\n"), 400, "missing_host");
  expect_refused(parse("GET http://a/ HTTP/1.1\r\n\r\n"), 400, "missing_host");
}

TEST(H1RequestParser, AcceptsHttp10WithoutAHost) {
  const Outcome outcome = parse("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.version, Version::Http10);
  EXPECT_EQ(outcome.authority, "");
  EXPECT_EQ(parse("GET http://a:1/ HTTP/1.0\r\n\r\n").authority, "a:1");
}

TEST(H1RequestParser, RefusesARepeatedHost) {
  expect_refused(parse_fields("Host: a.example\r\n"), 400, "repeated_host");
  expect_refused(parse("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\nHost: c\r\n\r\n"), 400,
                 "repeated_host");
}

TEST(H1RequestParser, RefusesABadHost) {
  for (const char* host : {"",     "a b",  "a,b",    "u@a", "a:",   "a:0",     "a:080", "a:65536",
                           "a:+1", "[::1", "[::1]x", "[1]", "%",    "a%2",     "a%zz",  "a/b",
                           "a?b",  "a#b",  "a\\b",   ":80", "\x80", "http://a"}) {
    expect_refused(parse("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), 400,
                   "bad_host");
  }
}

TEST(H1RequestParser, KeepsTheBracketsOfAnAddress) {
  const Outcome outcome = parse("GET / HTTP/1.1\r\nHost: [2001:DB8::1]:80\r\n\r\n");
  EXPECT_EQ(outcome.authority, "[2001:db8::1]:80");
  EXPECT_EQ(outcome.host, "[2001:db8::1]");
}

TEST(H1RequestParser, RefusesAContentLengthThatIsNoPlainNumber) {
  for (const char* length :
       {"", "+5", "-5", "5 5", "5, 5", "5,5", "5,", "0x5", "5.0", "5e1", "\"5\"", "five", "5;",
        "9223372036854775808", "18446744073709551616", "00000000000000000005", "\xd9\xa5"}) {
    expect_refused(parse_fields("Content-Length: " + std::string(length) + "\r\n"), 400,
                   "bad_content_length");
  }
}

TEST(H1RequestParser, AcceptsTheLargestContentLength) {
  EXPECT_EQ(parse_fields("Content-Length: 9223372036854775807\r\n").content_length,
            9223372036854775807u);
  EXPECT_EQ(parse_fields("Content-Length:\t 007 \r\n").content_length, 7u);
}

TEST(H1RequestParser, SaysThatALengthOfZeroIsNoBody) {
  const Outcome outcome = parse_fields("Content-Length: 0\r\n");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.body, BodyKind::None);
}

TEST(H1RequestParser, RefusesARepeatedContentLengthEvenIfEqual) {
  expect_refused(parse_fields("Content-Length: 5\r\nContent-Length: 6\r\n"), 400,
                 "repeated_content_length");
  expect_refused(parse_fields("Content-Length: 5\r\ncontent-length: 5\r\n"), 400,
                 "repeated_content_length");
}

TEST(H1RequestParser, RefusesTransferEncodingTogetherWithContentLength) {
  expect_refused(parse_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400,
                 "te_and_cl");
  expect_refused(parse_fields("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), 400,
                 "te_and_cl");
}

TEST(H1RequestParser, AcceptsChunkedInAnyCase) {
  EXPECT_EQ(parse_fields("Transfer-Encoding: chunked\r\n").body, BodyKind::Chunked);
  EXPECT_EQ(parse_fields("TRANSFER-ENCODING:\t ChunkeD \t\r\n").body, BodyKind::Chunked);
}

TEST(H1RequestParser, RefusesEveryOtherTransferEncoding) {
  for (const char* encoding :
       {"", "xchunked", "chunkedx", "chunked, identity", "identity, chunked", "gzip, chunked",
        "chunked, chunked", "identity", "gzip", "chunked;a=b", "chunked,", ",chunked",
        "\"chunked\"", "'chunked'", "chun ked", "chunk", "x: chunked"}) {
    expect_refused(parse_fields("Transfer-Encoding: " + std::string(encoding) + "\r\n"), 400,
                   "bad_transfer_encoding");
  }
  expect_refused(parse_fields("Transfer-Encoding: \x0b"
                              "chunked\r\n"),
                 400, "control_in_value");
  expect_refused(parse_fields("Transfer-Encoding: chunked\x0c\r\n"), 400, "control_in_value");
  expect_refused(parse_fields("\x0bTransfer-Encoding: chunked\r\n"), 400, "bad_header_name");
}

TEST(H1RequestParser, RefusesARepeatedTransferEncoding) {
  expect_refused(parse_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400,
                 "bad_transfer_encoding");
  expect_refused(parse_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), 400,
                 "bad_transfer_encoding");
}

TEST(H1RequestParser, RefusesTransferEncodingInHttp10) {
  expect_refused(parse("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), 400,
                 "te_in_http_1_0");
}

TEST(H1RequestParser, DoesNotTakeSimilarNamesForFraming) {
  const Outcome outcome = parse_fields("Transfer_Encoding: chunked\r\nContent-Length-: 5\r\n");
  EXPECT_EQ(outcome.status, ParseStatus::Complete);
  EXPECT_EQ(outcome.body, BodyKind::None);
}

TEST(H1RequestParser, KeepsHttp11AliveUnlessItSaysClose) {
  EXPECT_TRUE(parse_fields("").keep_alive);
  EXPECT_TRUE(parse_fields("Connection: x\r\n").keep_alive);
  EXPECT_FALSE(parse_fields("Connection: close\r\n").keep_alive);
  EXPECT_FALSE(parse_fields("Connection: x, ,CLOSE ,y\r\n").keep_alive);
  EXPECT_FALSE(parse_fields("Connection: keep-alive\r\nConnection: close\r\n").keep_alive);
}

TEST(H1RequestParser, KeepsHttp10AliveOnlyWhenItSaysSo) {
  const auto keeps = [](std::string_view line) {
    return parse("GET / HTTP/1.0\r\n" + std::string(line) + "\r\n").keep_alive;
  };
  EXPECT_FALSE(keeps(""));
  EXPECT_TRUE(keeps("Connection: Keep-Alive\r\n"));
  EXPECT_FALSE(keeps("Connection: keep-alive, close\r\n"));
  EXPECT_FALSE(keeps("Proxy-Connection: keep-alive\r\n"));
}

TEST(H1RequestParser, RefusesAConnectionThatIsNoListOfTokens) {
  expect_refused(parse_fields("Connection: close;x\r\n"), 400, "bad_connection");
  expect_refused(parse_fields("Connection: \"close\"\r\n"), 400, "bad_connection");
  expect_refused(parse_fields("Connection: keep alive\r\n"), 400, "bad_connection");
}

TEST(H1RequestParser, BoundsTheConnectionOptions) {
  std::string most = "Connection: a";
  for (std::size_t i = 1; i < kMaxConnectionOptions; ++i) most += ",a";
  EXPECT_EQ(parse_fields(most + "\r\n").status, ParseStatus::Complete);
  expect_refused(parse_fields(most + ",a\r\n"), 400, "bad_connection");
  expect_refused(parse_fields(most + "\r\nConnection: a\r\n"), 400, "bad_connection");
}

TEST(H1RequestParser, GivesUpgradeOnlyWhenConnectionNamesIt) {
  EXPECT_EQ(parse_fields("Connection: Upgrade\r\nUpgrade: websocket\r\n").upgrade, "websocket");
  EXPECT_EQ(parse_fields("Upgrade: websocket\r\n").upgrade, "");
  EXPECT_EQ(parse_fields("Connection: upgrade\r\n").upgrade, "");
  EXPECT_EQ(parse_fields("Connection: upgrade\r\nUpgrade: a\r\nUpgrade: b/1\r\n").upgrade,
            "a, b/1");
}

TEST(H1RequestParser, IgnoresUpgradeInHttp10) {
  EXPECT_EQ(parse("GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n").upgrade,
            "");
}

TEST(H1RequestParser, TellsWhetherTheClientWaitsForContinue) {
  EXPECT_TRUE(parse_fields("Expect: 100-Continue\r\nContent-Length: 1\r\n").expect_continue);
  EXPECT_FALSE(parse_fields("Content-Length: 1\r\n").expect_continue);
  EXPECT_FALSE(parse_fields("Expect: 100-continue\r\n").expect_continue);
  EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
                   .expect_continue);
}

TEST(H1RequestParser, KeepsAnExpectationOnlyWhereItMeansSomething) {
  const auto passed_on = [](std::string bytes) {
    Arena arena;
    Request request(arena);
    H1RequestParser parser;
    EXPECT_EQ(parser.parse(bytes, request), ParseStatus::Complete);
    return request.headers.has(HeaderId::Expect);
  };
  const std::string expect = "Host: a\r\nExpect: 100-continue\r\n";
  EXPECT_TRUE(passed_on("POST / HTTP/1.1\r\n" + expect + "Content-Length: 1\r\n\r\n"));
  EXPECT_FALSE(passed_on("POST / HTTP/1.0\r\n" + expect + "Content-Length: 1\r\n\r\n"));
  EXPECT_FALSE(passed_on("POST / HTTP/1.1\r\n" + expect + "Content-Length: 0\r\n\r\n"));
  EXPECT_FALSE(passed_on("GET / HTTP/1.1\r\n" + expect + "\r\n"));
}

TEST(H1RequestParser, RefusesOtherExpectations) {
  expect_refused(parse_fields("Expect: 200-ok\r\n"), 417, "bad_expectation");
  expect_refused(parse_fields("Expect: 100-continue, x\r\n"), 417, "bad_expectation");
  expect_refused(parse_fields("Expect:\r\n"), 417, "bad_expectation");
}

TEST(H1RequestParser, EnforcesTheLineLimitExactly) {
  const H1Limits limits{.head_bytes = 4096, .line_bytes = 100, .fields = 10};
  const std::string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string longest = "GET /" + std::string(100 - 14, 'a');
  EXPECT_EQ(parse(longest + rest, limits).status, ParseStatus::Complete);
  EXPECT_EQ(parse("\r\n" + longest + rest, limits).status, ParseStatus::Complete);
  expect_refused(parse(longest + "a" + rest, limits), 414, "request_line_too_long");
  expect_refused(parse(longest + "?" + rest, limits), 414, "request_line_too_long");
  expect_refused(parse(std::string(100, 'A') + " /" + rest, limits), 414, "request_line_too_long");
}

TEST(H1RequestParser, EnforcesTheLineLimitBeforeTheLineIsComplete) {
  const H1Limits limits{.head_bytes = 4096, .line_bytes = 100, .fields = 10};
  EXPECT_EQ(parse("GET /" + std::string(86, 'a'), limits).status, ParseStatus::Incomplete);
  expect_refused(parse("GET /" + std::string(100, 'a'), limits), 414, "request_line_too_long");
}

TEST(H1RequestParser, EnforcesTheHeadLimitExactly) {
  const H1Limits limits{.head_bytes = 200, .line_bytes = 100, .fields = 10};
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const std::string longest = start + std::string(200 - start.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_EQ(longest.size(), 200u);
  EXPECT_EQ(parse(longest, limits).status, ParseStatus::Complete);
  EXPECT_EQ(parse(longest + "body", limits).status, ParseStatus::Complete);
  expect_refused(parse(start + "x" + longest.substr(start.size()), limits), 431, "head_too_large");
  expect_refused(parse(start + std::string(200 - start.size(), 'x'), limits), 431,
                 "head_too_large");
  EXPECT_EQ(parse(start + std::string(199 - start.size(), 'x'), limits).status,
            ParseStatus::Incomplete);
}

TEST(H1RequestParser, EnforcesTheHeadLimitInsideTheRequestLine) {
  const H1Limits limits{.head_bytes = 10, .line_bytes = 100, .fields = 10};
  expect_refused(parse("GET /aaaaaaaa", limits), 431, "head_too_large");
  expect_refused(parse("GET / HTTP/1.1\r\n", limits), 431, "head_too_large");
}

TEST(H1RequestParser, EnforcesTheFieldLimitExactly) {
  const H1Limits limits{.head_bytes = 4096, .line_bytes = 100, .fields = 3};
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n";
  EXPECT_EQ(parse(start + "\r\n", limits).status, ParseStatus::Complete);
  expect_refused(parse(start + "X: 3\r\n\r\n", limits), 431, "too_many_fields");
}

TEST(H1RequestParser, AcceptsHeadsAsLargeAsTheDefaultLimits) {
  std::string bytes = "GET /" + std::string(8 * 1024 - 14, 'a') + " HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 98; ++i)
    bytes += "X-" + std::to_string(i) + ": " + std::string(500, 'v') + "\r\n";
  bytes += "Y: ";
  bytes += std::string(60 * 1024 - bytes.size() - 4, 'y') + "\r\n\r\n";
  EXPECT_EQ(parse(bytes).head_size, 60u * 1024);
  bytes.insert(bytes.size() - 4, "y");
  expect_refused(parse(bytes), 431, "head_too_large");
}

TEST(H1RequestParser, KeepsTheRequestLineForTheLogWhenAFieldIsRefused) {
  std::string bytes = "HEAD /a?b HTTP/1.0\r\nX y\r\n\r\n";
  Arena arena;
  Request request(arena);
  H1RequestParser parser;
  ASSERT_EQ(parser.parse(bytes, request), ParseStatus::Failed);
  EXPECT_EQ(request.method, Method::Head);
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query, "?b");
  EXPECT_EQ(request.version, Version::Http10);
}

}  // namespace
}  // namespace weir::http
