#include "core/http/h2_head_writer.h"

#include <gtest/gtest.h>

#include "tests/unit/core/http/h2_fields.h"

namespace weir::http {
namespace {

class H2HeadWriterTest : public testing::Test {
 protected:
  H2HeadWriterTest() {
    request_.method = Method::Get;
    request_.method_name = "GET";
    request_.scheme = "http";
    request_.path = "/a";
    request_.authority = "a.example";
    response_.status = 200;
  }

  h2::Fields request(const H2RequestOptions& options = {}) {
    EXPECT_TRUE(writer_.write(request_, options));
    return h2::fields_of(writer_);
  }
  h2::Fields response(const H2ResponseOptions& options = {}) {
    EXPECT_TRUE(writer_.write(response_, options));
    return h2::fields_of(writer_);
  }

  Arena arena_;
  Request request_{arena_};
  Response response_{arena_};
  H2HeadWriter writer_;
};

TEST_F(H2HeadWriterTest, WritesARequest) {
  request_.query = "?b";
  request_.headers.add("accept", "*/*");
  const h2::Fields expected = {{":method", "GET"},
                               {":scheme", "https"},
                               {":authority", "a.example"},
                               {":path", "/a?b"},
                               {"accept", "*/*"}};
  EXPECT_EQ(request({.scheme = "https"}), expected);
}

TEST_F(H2HeadWriterTest, WritesAPathAndItsQueryFromAnywhere) {
  const std::string_view target = "/path?query";
  request_.path = target.substr(0, 5);
  request_.query = target.substr(5);
  EXPECT_EQ(request()[3].second, "/path?query");
  request_.path = "/other";
  EXPECT_EQ(request()[3].second, "/other?query");
}

TEST_F(H2HeadWriterTest, LeavesOutWhatBelongsToAConnection) {
  for (const char* name : {"connection", "keep-alive", "proxy-connection", "transfer-encoding",
                           "upgrade", "host", "te"}) {
    request_.headers.add(name, "gzip");
    response_.headers.add(name, "gzip");
  }
  EXPECT_EQ(request().size(), 4u);
  EXPECT_EQ(response().size(), 1u);
  request_.headers.set("te", "trailers");
  EXPECT_EQ(request().back(), (std::pair<std::string, std::string>("te", "trailers")));
}

TEST_F(H2HeadWriterTest, WritesTheLengthThatTheBodyHas) {
  request_.headers.add("content-length", "7");
  request_.body = BodyKind::Length;
  request_.content_length = 5;
  EXPECT_EQ(request().back().second, "5");
  request_.body = BodyKind::Chunked;
  EXPECT_EQ(request().size(), 4u);
  request_.body = BodyKind::None;
  EXPECT_EQ(request().back().second, "0");
}

TEST_F(H2HeadWriterTest, WritesTheLengthOfAResponse) {
  response_.body = BodyKind::Length;
  response_.content_length = 18446744073709551615u;
  EXPECT_EQ(response().back().second, "18446744073709551615");
  response_.body = BodyKind::None;
  EXPECT_EQ(response().size(), 1u);
  response_.headers.add("content-length", "7");
  EXPECT_EQ(response().back().second, "0");
  EXPECT_EQ(response({.to_head = true}).back().second, "7");
  response_.status = 304;
  EXPECT_EQ(response().back().second, "7");
  response_.status = 204;
  EXPECT_EQ(response().size(), 1u);
}

TEST_F(H2HeadWriterTest, WritesAnUpgradeAsAnExtendedConnect) {
  request_.headers.add("sec-websocket-version", "13");
  const h2::Fields expected = {{":method", "CONNECT"},      {":scheme", "http"},
                               {":authority", "a.example"}, {":path", "/a"},
                               {":protocol", "websocket"},  {"sec-websocket-version", "13"}};
  EXPECT_EQ(request({.upgrade = "websocket"}), expected);
}

TEST_F(H2HeadWriterTest, WritesSwitchingProtocolsOnlyForAnExtendedConnect) {
  response_.status = 101;
  EXPECT_FALSE(writer_.write(response_, {}));
  EXPECT_EQ(response({.to_connect = true})[0].second, "200");
}

TEST_F(H2HeadWriterTest, RefusesWhatCannotBeSent) {
  const auto refused = [&](auto change) {
    Request request(arena_);
    request.method_name = "GET";
    request.scheme = "http";
    request.path = "/";
    request.authority = "a";
    EXPECT_TRUE(writer_.write(request, {}));
    change(request);
    return !writer_.write(request, {});
  };
  EXPECT_TRUE(refused([](Request& request) { request.method_name = "G T"; }));
  EXPECT_TRUE(refused([](Request& request) {
    request.method = Method::Connect;
    request.method_name = "CONNECT";
  }));
  EXPECT_TRUE(refused([](Request& request) { request.path = "/\n"; }));
  EXPECT_TRUE(refused([](Request& request) { request.path = ""; }));
  EXPECT_TRUE(refused([](Request& request) { request.query = "a"; }));
  EXPECT_TRUE(refused([](Request& request) { request.scheme = ""; }));
  EXPECT_TRUE(refused([](Request& request) { request.authority = "a/b"; }));
  EXPECT_TRUE(refused([](Request& request) { request.authority = ""; }));
}

TEST_F(H2HeadWriterTest, NamesTheDefaultAuthorityWhereThereIsNone) {
  request_.authority = {};
  EXPECT_EQ(request({.default_authority = "b"})[2].second, "b");
}

TEST_F(H2HeadWriterTest, LeavesOutForbiddenTrailers) {
  HeaderMap trailers(arena_);
  trailers.add("grpc-status", "0");
  trailers.add("content-length", "1");
  writer_.write_trailers(trailers);
  EXPECT_EQ(h2::fields_of(writer_), (h2::Fields{{"grpc-status", "0"}}));
}

TEST_F(H2HeadWriterTest, IsReadAsTheSameMessage) {
  request_.headers.add("cookie", "a=1; b=2");
  request_.headers.add("x", "");
  const h2::Read read = h2::read_request(request(), false);
  EXPECT_EQ(read.why, "accepted");
  EXPECT_EQ(read.path, "/a");
  EXPECT_EQ(read.headers, "cookie: a=1; b=2\nx: \n");
}

}  // namespace
}  // namespace weir::http
