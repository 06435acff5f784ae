#include "core/http/h2_head_reader.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h2_fields.h"

namespace weir::http {
namespace {

using h2::Fields;
using h2::Read;
using h2::read_request;
using h2::read_response;
using h2::read_trailers;

const Fields kGet = {
    {":method", "GET"}, {":scheme", "https"}, {":authority", "a.example"}, {":path", "/a?b=c"}};

Fields with(Fields fields, const Fields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

// kGet with one pseudo-header changed.
Fields changed(const std::string& name, const std::string& value) {
  Fields fields = kGet;
  for (auto& field : fields) {
    if (field.first == name) field.second = value;
  }
  return fields;
}

Fields without(const std::string& name) {
  Fields fields = kGet;
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}

std::string why(const Fields& more) {
  return read_request(with(kGet, more)).why;
}

TEST(H2HeadReader, ReadsARequest) {
  const Read read = read_request(with(kGet, {{"accept", "*/*"}, {"x-a", "b"}}));
  EXPECT_EQ(read.why, "accepted");
  EXPECT_EQ(read.method, "GET");
  EXPECT_EQ(read.scheme, "https");
  EXPECT_EQ(read.authority, "a.example");
  EXPECT_EQ(read.host, "a.example");
  EXPECT_EQ(read.path, "/a");
  EXPECT_EQ(read.query, "?b=c");
  EXPECT_EQ(read.headers, "accept: */*\nx-a: b\n");
  EXPECT_EQ(read.body, BodyKind::None);
}

TEST(H2HeadReader, WantsEachPseudoHeaderOnceAndFirst) {
  for (const auto& [name, value] : kGet) {
    const std::string missing = name == ":authority" ? "missing_host" : "missing_pseudo_header";
    EXPECT_EQ(read_request(without(name)).why, missing) << name;
    EXPECT_EQ(why({{name, value}}), "repeated_pseudo_header") << name;
    EXPECT_EQ(read_request(with(with(without(name), {{"a", "b"}}), {{name, value}})).why,
              "late_pseudo_header")
        << name;
  }
  EXPECT_EQ(why({{":status", "200"}}), "unknown_pseudo_header");
  EXPECT_EQ(why({{":Path", "/"}}), "unknown_pseudo_header");
  EXPECT_EQ(why({{":", ""}}), "unknown_pseudo_header");
}

TEST(H2HeadReader, ReadsOnlyMethodsSchemesAndTargetsThatHttp1Reads) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {":method", "", "bad_method"},
      {":method", "GE T", "bad_method"},
      {":method", "x-own", "accepted"},
      {":method", "CONNECT", "bad_connect"},
      {":scheme", "HTTP", "accepted"},
      {":scheme", "ftp", "bad_scheme"},
      {":scheme", "", "bad_scheme"},
      {":path", "", "bad_target"},
      {":path", "a", "bad_target"},
      {":path", "?a", "bad_target"},
      {":path", "*", "bad_target"},
      {":path", "http://a.example/", "bad_target"},
      {":path", "/a b", "bad_target"},
      {":path", "/a\r\n", "bad_target"},
      {":path", "/\xc3\xa4", "bad_target"},
      {":path", "/a#b", "fragment_in_target"},
      {":path", "/?a#b", "fragment_in_target"},
      {":path", "/?{a}", "accepted"},
      {":authority", "", "bad_host"},
      {":authority", "a@b", "bad_host"},
      {":authority", "a:0", "bad_host"},
      {":authority", "a b", "bad_host"},
      {":authority", "[::1]:80", "accepted"},
  };
  for (const auto& [name, value, expected] : cases) {
    EXPECT_EQ(read_request(changed(name, value)).why, expected) << name << " " << value;
  }
}

TEST(H2HeadReader, ReadsTheAsteriskOfOptionsOnly) {
  Fields fields = changed(":path", "*");
  fields[0].second = "OPTIONS";
  EXPECT_EQ(read_request(fields).path, "*");
  fields[3].second = "*?a";
  EXPECT_EQ(read_request(fields).why, "bad_target");
}

TEST(H2HeadReader, TakesHostWhereThereIsNoAuthority) {
  const Read read = read_request(with(without(":authority"), {{"host", "A.Example:8080"}}));
  EXPECT_EQ(read.authority, "a.example:8080");
  EXPECT_EQ(read.host, "a.example");
  EXPECT_EQ(read.headers, "");
  EXPECT_EQ(read_request(with(without(":authority"), {{"host", "a/b"}})).why, "bad_host");
}

TEST(H2HeadReader, WantsHostToBeTheAuthority) {
  EXPECT_EQ(why({{"host", "A.EXAMPLE"}}), "accepted");
  EXPECT_EQ(why({{"host", "b.example"}}), "host_mismatch");
  EXPECT_EQ(why({{"host", ""}}), "host_mismatch");
  EXPECT_EQ(why({{"host", "a.example"}, {"host", "a.example"}}), "repeated_host");
}

TEST(H2HeadReader, SeesOneSpellingOfAHost) {
  EXPECT_EQ(read_request(changed(":authority", "A.example.")).host, "a.example");
  EXPECT_EQ(read_request(changed(":authority", "[0:0::1]")).host, "[::1]");
}

TEST(H2HeadReader, RefusesPlainConnect) {
  const Read read = read_request({{":method", "CONNECT"}, {":authority", "a:1"}});
  EXPECT_EQ(read.why, "connect_not_supported");
  EXPECT_EQ(read.code, 501);
  EXPECT_EQ(read_request({{":method", "CONNECT"}}).why, "bad_connect");
  EXPECT_EQ(read_request({{":method", "CONNECT"}, {":authority", "a:1"}, {":path", "/"}}).why,
            "bad_connect");
}

TEST(H2HeadReader, ReadsAnExtendedConnectAsAnUpgradeWhereItIsAllowed) {
  const Fields fields = with(changed(":method", "CONNECT"), {{":protocol", "WebSocket"}});
  EXPECT_EQ(read_request(fields, false).why, "unknown_pseudo_header");
  const Read read = read_request(fields, false, true);
  EXPECT_EQ(read.why, "accepted");
  EXPECT_EQ(read.method, "GET");
  EXPECT_EQ(read.upgrade, "websocket");
  EXPECT_EQ(read.body, BodyKind::None);
  EXPECT_EQ(read.data_expected, std::nullopt);
}

TEST(H2HeadReader, RefusesAnExtendedConnectThatIsNone) {
  const auto refused = [](const Fields& fields) { return read_request(fields, false, true).why; };
  const Fields connect = with(changed(":method", "CONNECT"), {{":protocol", "websocket"}});
  EXPECT_EQ(refused(with(kGet, {{":protocol", "websocket"}})), "bad_protocol");
  EXPECT_EQ(refused(with(changed(":method", "CONNECT"), {{":protocol", ""}})), "bad_protocol");
  EXPECT_EQ(refused(with(connect, {{"content-length", "3"}})), "bad_connect");
  Fields no_authority = connect;
  no_authority.erase(no_authority.begin() + 2);
  EXPECT_EQ(refused(with(no_authority, {{"host", "a.example"}})), "missing_pseudo_header");
}

TEST(H2HeadReader, RefusesNamesThatAreNone) {
  EXPECT_EQ(why({{"Accept", "a"}}), "upper_case_name");
  EXPECT_EQ(why({{"x-A", "a"}}), "upper_case_name");
  EXPECT_EQ(why({{"", "a"}}), "bad_header_name");
  EXPECT_EQ(why({{"a b", "a"}}), "bad_header_name");
  EXPECT_EQ(why({{"a:", "a"}}), "bad_header_name");
  EXPECT_EQ(why({{std::string("a\0", 2), "a"}}), "bad_header_name");
  EXPECT_EQ(why({{"a\x80", "a"}}), "bad_header_name");
}

TEST(H2HeadReader, RefusesValuesThatAreNone) {
  for (const std::string& value : {std::string("a\r\nb: c"), std::string("a\nb"), std::string("\r"),
                                   std::string("a\0b", 3), std::string("\x7f")}) {
    EXPECT_EQ(why({{"x-a", value}}), "control_in_value");
    EXPECT_EQ(why({{"cookie", value}}), "control_in_value");
  }
  for (const char* value : {" a", "a ", "\ta", "a\t", " "}) {
    EXPECT_EQ(why({{"accept", value}}), "space_around_value");
  }
  EXPECT_EQ(why({{"x-a", ""}, {"x-b", "a\tb \x80"}}), "accepted");
}

TEST(H2HeadReader, RefusesFieldsOfAConnection) {
  for (const char* name :
       {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}) {
    EXPECT_EQ(why({{name, "a"}}), "connection_field") << name;
    EXPECT_EQ(read_response({{":status", "200"}, {name, "a"}}).why, "connection_field") << name;
    EXPECT_EQ(read_trailers({{name, "a"}}).why, "connection_field") << name;
  }
}

TEST(H2HeadReader, ReadsTeOnlyAsTrailers) {
  EXPECT_EQ(why({{"te", "trailers"}}), "accepted");
  EXPECT_EQ(why({{"te", "trailers, gzip"}}), "bad_te");
  EXPECT_EQ(why({{"te", ""}}), "bad_te");
}

TEST(H2HeadReader, JoinsTheCrumbsOfACookie) {
  const Read read =
      read_request(with(kGet, {{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}, {"cookie", "c"}}));
  EXPECT_EQ(read.headers, "cookie: a=1; b=2; c\nx: y\n");
  EXPECT_EQ(read_request(with(kGet, {{"cookie", "a=1"}})).headers, "cookie: a=1\n");
}

TEST(H2HeadReader, KnowsWhatContentLengthAnnounces) {
  const auto length = [](const std::string& value, bool end) {
    return read_request(with(kGet, {{"content-length", value}}), end);
  };
  EXPECT_EQ(length("5", false).body, BodyKind::Length);
  EXPECT_EQ(length("5", false).content_length, 5u);
  EXPECT_EQ(length("5", false).data_expected, 5u);
  EXPECT_EQ(length("0", false).body, BodyKind::None);
  EXPECT_EQ(length("0", false).data_expected, 0u);
  EXPECT_EQ(length("0", true).why, "accepted");
  EXPECT_EQ(length("5", true).why, "content_length_mismatch");
  for (const char* value : {"", "+5", "5, 5", "0x5", "9223372036854775808", "-1"}) {
    EXPECT_EQ(length(value, false).why, "bad_content_length") << value;
  }
  EXPECT_EQ(why({{"content-length", "0"}, {"content-length", "0"}}), "repeated_content_length");
  EXPECT_EQ(read_request(kGet, false).body, BodyKind::Chunked);
}

TEST(H2HeadReader, UnderstandsExpect) {
  EXPECT_TRUE(read_request(with(kGet, {{"expect", "100-continue"}}), false).expect_continue);
  const Read without_body = read_request(with(kGet, {{"expect", "100-Continue"}}));
  EXPECT_FALSE(without_body.expect_continue);
  EXPECT_EQ(without_body.headers, "");
  EXPECT_EQ(why({{"expect", "more"}}), "bad_expectation");
}

TEST(H2HeadReader, ReadsThePriority) {
  EXPECT_EQ(read_request(with(kGet, {{"priority", "u=1, i"}})).priority,
            (H2Priority{.urgency = 1, .incremental = true}));
  EXPECT_EQ(read_request(kGet).priority, std::nullopt);
}

TEST(H2HeadReader, LimitsTheBytesOfAHead) {
  // Names, values, and 32 for each of the five fields.
  const std::size_t size = 7 + 3 + 7 + 5 + 10 + 9 + 5 + 6 + 1 + 10 + 5 * 32;
  const Fields fields = with(kGet, {{"a", std::string(10, 'x')}});
  H2HeadLimits limits;
  limits.head_bytes = size;
  EXPECT_EQ(read_request(fields, true, false, limits).why, "accepted");
  limits.head_bytes = size - 1;
  EXPECT_EQ(read_request(fields, true, false, limits).why, "head_too_large");
  EXPECT_EQ(read_request(fields, true, false, limits).code, 431);
  limits.head_bytes = size + 31;
  EXPECT_EQ(read_request(with(fields, {{"cookie", ""}}), true, false, limits).why,
            "head_too_large");
}

TEST(H2HeadReader, CountsPastTheLimitWithoutKeepingAnything) {
  Arena arena;
  Request request(arena);
  H2HeadReader reader({}, false);
  reader.begin(request);
  const std::string value(1024, 'x');
  for (int i = 0; i < 1024; ++i) reader.add("cookie", value);
  EXPECT_EQ(reader.block_bytes(), 1024u * (1024 + 6 + 32));
  EXPECT_LT(arena.bytes_held(), 128u * 1024);
  EXPECT_EQ(reader.finish(true)->why, "head_too_large");
}

TEST(H2HeadReader, LimitsTheNumberOfFields) {
  H2HeadLimits limits;
  limits.fields = 3;
  Fields fields = with(kGet, {{"a", ""}, {"b", ""}, {"cookie", "1"}, {"cookie", "2"}});
  EXPECT_EQ(read_request(fields, true, false, limits).why, "accepted");
  fields.emplace_back("c", "");
  EXPECT_EQ(read_request(fields, true, false, limits).why, "too_many_fields");
}

TEST(H2HeadReader, LimitsTheTarget) {
  H2HeadLimits limits;
  limits.target_bytes = 4;
  EXPECT_EQ(read_request(changed(":path", "/abc"), true, false, limits).why, "accepted");
  const Read read = read_request(changed(":path", "/abcd"), true, false, limits);
  EXPECT_EQ(read.why, "request_line_too_long");
  EXPECT_EQ(read.code, 414);
}

TEST(H2HeadReader, KeepsTheMethodOfWhatItRefuses) {
  EXPECT_EQ(read_request(with(changed(":method", "HEAD"), {{"a", "\n"}})).method, "HEAD");
}

TEST(H2HeadReader, ReadsAResponse) {
  const Read read = read_response({{":status", "200"}, {"content-length", "3"}, {"x", "y"}});
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, BodyKind::Length);
  EXPECT_EQ(read.data_expected, 3u);
  EXPECT_EQ(read.headers, "content-length: 3\nx: y\n");
  EXPECT_EQ(read_response({{":status", "200"}}).body, BodyKind::Chunked);
  EXPECT_EQ(read_response({{":status", "200"}}, true).body, BodyKind::None);
}

TEST(H2HeadReader, RefusesAStatusThatIsNone) {
  for (const char* status : {"", "20", "2000", "0200", "099", "20x", " 20", "101", "+20"}) {
    EXPECT_EQ(read_response({{":status", status}}).why, "bad_status") << status;
  }
  EXPECT_EQ(read_response({{":status", "999"}}).status, 999);
  EXPECT_EQ(read_response({{"a", "b"}}).why, "missing_pseudo_header");
  EXPECT_EQ(read_response({{":status", "200"}, {":status", "200"}}).why, "repeated_pseudo_header");
  EXPECT_EQ(read_response({{"a", "b"}, {":status", "200"}}).why, "late_pseudo_header");
  EXPECT_EQ(read_response({{":status", "200"}, {":path", "/"}}).why, "unknown_pseudo_header");
}

TEST(H2HeadReader, LetsInformationalResponsesAnnounceNothing) {
  EXPECT_EQ(read_response({{":status", "103"}, {"link", "</a>"}}).status, 103);
  EXPECT_EQ(read_response({{":status", "100"}}, true).why, "informational_end");
  EXPECT_EQ(read_response({{":status", "100"}, {"content-length", "1"}}).why, "body_not_allowed");
}

TEST(H2HeadReader, KnowsResponsesWithoutABody) {
  const Fields with_length = {{":status", "304"}, {"content-length", "7"}};
  EXPECT_EQ(read_response(with_length).data_expected, 0u);
  EXPECT_EQ(read_response(with_length, true).why, "accepted");
  const Fields ok = {{":status", "200"}, {"content-length", "7"}};
  EXPECT_EQ(read_response(ok, true, Method::Head).data_expected, 0u);
  EXPECT_EQ(read_response(ok, true).why, "content_length_mismatch");
  EXPECT_EQ(read_response({{":status", "204"}, {"content-length", "7"}}).why, "body_not_allowed");
  EXPECT_EQ(read_response({{":status", "205"}, {"content-length", "7"}}).why, "body_not_allowed");
  EXPECT_EQ(read_response({{":status", "204"}, {"content-length", "0"}}).data_expected, 0u);
}

TEST(H2HeadReader, ReadsTheAnswerToAnExtendedConnectAsSwitchingProtocols) {
  const Read read = read_response({{":status", "200"}}, false, Method::Get, "websocket");
  EXPECT_EQ(read.status, 101);
  EXPECT_EQ(read.upgrade, "websocket");
  EXPECT_EQ(read.data_expected, std::nullopt);
  EXPECT_EQ(read_response({{":status", "403"}}, true, Method::Get, "websocket").status, 403);
}

TEST(H2HeadReader, ReadsTrailers) {
  EXPECT_EQ(read_trailers({{"grpc-status", "0"}}).headers, "grpc-status: 0\n");
  EXPECT_EQ(read_trailers({{"grpc-status", "0"}}, false).why, "trailers_without_end");
  EXPECT_EQ(read_trailers({{":status", "200"}}).why, "unknown_pseudo_header");
  EXPECT_EQ(read_trailers({{"content-length", "1"}}).why, "forbidden_trailer");
  EXPECT_EQ(read_trailers({{"host", "a"}}).why, "forbidden_trailer");
  EXPECT_EQ(read_trailers({{"x", "\n"}}).why, "control_in_value");
}

TEST(H2HeadReader, LimitsTrailers) {
  H2HeadLimits limits;
  limits.trailer_bytes = 2 * 34;
  limits.trailer_fields = 2;
  EXPECT_EQ(read_trailers({{"a", "b"}, {"c", "d"}}, true, limits).why, "accepted");
  EXPECT_EQ(read_trailers({{"a", "b"}, {"c", "de"}}, true, limits).why, "head_too_large");
  limits.trailer_bytes = 1024;
  EXPECT_EQ(read_trailers({{"a", "b"}, {"c", "d"}, {"e", "f"}}, true, limits).why,
            "too_many_fields");
}

}  // namespace
}  // namespace weir::http
