#include "core/http/h1_writer.h"

#include <string>

#include <gtest/gtest.h>

#include "core/http/h1_request_parser.h"
#include "core/http/h1_response_parser.h"

namespace weir::http {
namespace {

class H1WriterTest : public testing::Test {
 protected:
  H1WriterTest() {
    request_.method = Method::Get;
    request_.method_name = "GET";
    request_.path = "/a";
    request_.authority = "a.example";
    response_.status = 200;
  }

  std::string written(const RequestHeadOptions& options = {}) {
    out_.clear();
    EXPECT_TRUE(write_request_head(request_, options, pool_, out_));
    return out_.to_string();
  }
  std::string written_response(const ResponseHeadOptions& options = {}) {
    out_.clear();
    write_response_head(response_, options, pool_, out_);
    return out_.to_string();
  }

  BlockPool pool_;
  Arena arena_;
  Request request_{arena_};
  Response response_{arena_};
  Buffer out_;
};

TEST_F(H1WriterTest, WritesARequestHead) {
  request_.query = "?b=c";
  request_.headers.add("accept", "*/*");
  request_.headers.add("x-empty", "");
  EXPECT_EQ(written(),
            "GET /a?b=c HTTP/1.1\r\nhost: a.example\r\naccept: */*\r\nx-empty: \r\n\r\n");
  EXPECT_EQ(out_.slices().size(), 1u);
}

TEST_F(H1WriterTest, WritesPartsOfEverySize) {
  for (std::size_t size = 1; size < 70; ++size) {
    request_.headers.clear();
    std::string name;
    for (std::size_t i = 0; i < size; ++i) name += static_cast<char>('a' + i % 26);
    request_.headers.add(name, name);
    EXPECT_EQ(written(),
              "GET /a HTTP/1.1\r\nhost: a.example\r\n" + name + ": " + name + "\r\n\r\n");
  }
}

TEST_F(H1WriterTest, TakesFramingFromTheBodyAndNotFromTheHeaders) {
  request_.headers.add("content-length", "99");
  request_.headers.add("transfer-encoding", "gzip");
  request_.headers.add("connection", "x");
  request_.headers.add("keep-alive", "x");
  request_.headers.add("proxy-connection", "x");
  request_.headers.add("upgrade", "x");
  request_.headers.add("host", "x");
  const std::string start = "GET /a HTTP/1.1\r\nhost: a.example\r\n";
  request_.body = BodyKind::Chunked;
  EXPECT_EQ(written(), start + "transfer-encoding: chunked\r\n\r\n");
  request_.body = BodyKind::Length;
  request_.content_length = 18446744073709551615u;
  EXPECT_EQ(written(), start + "content-length: 18446744073709551615\r\n\r\n");
}

TEST_F(H1WriterTest, AnnouncesAnEmptyRequestBodyWhereOneIsExpected) {
  const std::string start = " /a HTTP/1.1\r\nhost: a.example\r\n";
  EXPECT_EQ(written(), "GET" + start + "\r\n");
  request_.method = Method::Post;
  request_.method_name = "POST";
  EXPECT_EQ(written(), "POST" + start + "content-length: 0\r\n\r\n");
  request_.method = Method::Other;
  request_.method_name = "X";
  EXPECT_EQ(written(), "X" + start + "\r\n");
  request_.headers.add("content-length", "0");
  EXPECT_EQ(written(), "X" + start + "content-length: 0\r\n\r\n");
}

TEST_F(H1WriterTest, WritesConnectionOptions) {
  const std::string start = "GET /a HTTP/1.1\r\nhost: a.example\r\n";
  EXPECT_EQ(written({.connection = ConnectionHeader::Close}), start + "connection: close\r\n\r\n");
  EXPECT_EQ(written({.connection = ConnectionHeader::KeepAlive}),
            start + "connection: keep-alive\r\n\r\n");
  EXPECT_EQ(written({.upgrade = "websocket"}),
            start + "connection: upgrade\r\nupgrade: websocket\r\n\r\n");
  request_.headers.add("te", "trailers");
  EXPECT_EQ(written({.connection = ConnectionHeader::Close}),
            start + "te: trailers\r\nconnection: close, te\r\n\r\n");
}

TEST_F(H1WriterTest, RefusesARequestLineThatIsNotValid) {
  const auto refuses = [this] {
    Buffer out;
    const bool written = write_request_head(request_, {}, pool_, out);
    EXPECT_TRUE(written || out.empty());
    return !written;
  };
  EXPECT_FALSE(refuses());
  for (const char* path : {"", "/a b", "/\r\n", "/a?b", "/a#", "/\x80"}) {
    request_.path = path;
    EXPECT_TRUE(refuses()) << path;
  }
  request_.path = "/";
  for (const char* query : {"a", "?a b", "?\r\nX: y", "?#"}) {
    request_.query = query;
    EXPECT_TRUE(refuses()) << query;
  }
  request_.query = "";
  for (const char* authority : {"a b", "a\r\nX: y", "u@a"}) {
    request_.authority = authority;
    EXPECT_TRUE(refuses()) << authority;
  }
  request_.authority = "";
  EXPECT_FALSE(refuses());
  for (const char* method : {"", "G T", "G\r\n"}) {
    request_.method_name = method;
    EXPECT_TRUE(refuses()) << method;
  }
}

#if defined(WEIR_DEBUG)
TEST_F(H1WriterTest, EndsTheProcessForAnInvalidFieldInDebugBuilds) {
  request_.headers.add_view(HeaderId::Other, "x", "a\r\nb");
  EXPECT_DEATH(written(), "valid");
}
#else
TEST_F(H1WriterTest, LeavesOutInvalidFields) {
  request_.headers.add_view(HeaderId::Other, "x", "a\r\nb");
  request_.headers.add_view(HeaderId::Other, "x y", "a");
  request_.headers.add_view(HeaderId::Other, "", "a");
  request_.headers.add_view(HeaderId::Via, "via", " a");
  EXPECT_EQ(written(), "GET /a HTTP/1.1\r\nhost: a.example\r\n\r\n");
}
#endif

TEST_F(H1WriterTest, AppendsToTheLastBlockWhenItFits) {
  out_.append_copy(pool_, "before ");
  EXPECT_TRUE(write_request_head(request_, {}, pool_, out_));
  EXPECT_EQ(out_.slices().size(), 1u);
  EXPECT_EQ(out_.to_string(), "before GET /a HTTP/1.1\r\nhost: a.example\r\n\r\n");
}

TEST_F(H1WriterTest, TakesABlockLargeEnoughForTheHead) {
  const std::string value(50'000, 'v');
  request_.headers.add("x", value);
  out_.append_copy(pool_, "before ");
  EXPECT_TRUE(write_request_head(request_, {}, pool_, out_));
  EXPECT_EQ(out_.slices().size(), 2u);
  EXPECT_EQ(out_.to_string(),
            "before GET /a HTTP/1.1\r\nhost: a.example\r\nx: " + value + "\r\n\r\n");
}

TEST_F(H1WriterTest, WritesAResponseHead) {
  response_.headers.add("server", "x");
  response_.body = BodyKind::Length;
  response_.content_length = 5;
  EXPECT_EQ(written_response(), "HTTP/1.1 200 OK\r\nserver: x\r\ncontent-length: 5\r\n\r\n");
  response_.reason = "Fine";
  response_.body = BodyKind::Chunked;
  EXPECT_EQ(written_response({.connection = ConnectionHeader::Close}),
            "HTTP/1.1 200 Fine\r\nserver: x\r\nconnection: close\r\n"
            "transfer-encoding: chunked\r\n\r\n");
  response_.body = BodyKind::UntilClose;
  EXPECT_EQ(written_response(), "HTTP/1.1 200 Fine\r\nserver: x\r\n\r\n");
}

TEST_F(H1WriterTest, AnnouncesAnEmptyResponseBody) {
  EXPECT_EQ(written_response(), "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
}

TEST_F(H1WriterTest, KeepsTheLengthInAnswersToHeadAnd304) {
  response_.headers.add("content-length", "77");
  EXPECT_EQ(written_response({.to_head = true}), "HTTP/1.1 200 OK\r\ncontent-length: 77\r\n\r\n");
  EXPECT_EQ(written_response(), "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  response_.status = 304;
  EXPECT_EQ(written_response(), "HTTP/1.1 304 Not Modified\r\ncontent-length: 77\r\n\r\n");
  response_.headers.clear();
  EXPECT_EQ(written_response({.to_head = true}), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST_F(H1WriterTest, WritesNoFramingWhereNoneIsAllowed) {
  response_.headers.add("content-length", "77");
  response_.status = 204;
  for (BodyKind body : {BodyKind::None, BodyKind::Length, BodyKind::Chunked}) {
    response_.body = body;
    EXPECT_EQ(written_response({.to_head = true}), "HTTP/1.1 204 No Content\r\n\r\n");
  }
  response_.status = 101;
  EXPECT_EQ(
      written_response({.upgrade = "websocket"}),
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
}

TEST_F(H1WriterTest, WritesWhatTheParserReads) {
  response_.status = 404;
  response_.headers.add("x-a", "b\t c");
  response_.body = BodyKind::Length;
  response_.content_length = 12;
  std::string bytes = written_response({.connection = ConnectionHeader::Close});
  Response parsed(arena_);
  H1ResponseParser parser;
  ASSERT_EQ(parser.parse(bytes, Method::Get, parsed), ParseStatus::Complete);
  EXPECT_EQ(parser.head_size(), bytes.size());
  EXPECT_EQ(parsed.status, 404);
  EXPECT_EQ(parsed.headers.get("x-a"), "b\t c");
  EXPECT_EQ(parsed.content_length, 12u);
  EXPECT_FALSE(parser.keep_alive());
}

TEST_F(H1WriterTest, WritesFieldsThatWereReadInTheUsualForm) {
  std::string bytes =
      "HTTP/1.1 200 OK\r\nServer: a\r\nX-One: 1\r\nX-Two:2\r\nX-Three:  3\r\nX-Four: 4 \r\n"
      "X-Five:\t5\r\nContent-Length: 0\r\nX-Six:\r\nX-Seven: \r\nX-Eight: 8\r\nX-Nine: 9\r\n"
      "X-Some-Name-That-Is-Longer-Than-A-Glance: 10\r\nVia: b\r\n\r\n";
  H1ResponseParser parser;
  ASSERT_EQ(parser.parse(bytes, Method::Get, response_), ParseStatus::Complete);
  response_.headers.set("x-one", "one");
  response_.headers.remove("x-eight");
  response_.headers.add("x-more", "yes");
  EXPECT_EQ(written_response(),
            "HTTP/1.1 200 OK\r\nserver: a\r\nx-one: one\r\nx-two: 2\r\nx-three: 3\r\nx-four: 4\r\n"
            "x-five: 5\r\nx-six: \r\nx-seven: \r\nx-nine: 9\r\n"
            "x-some-name-that-is-longer-than-a-glance: 10\r\nvia: b\r\nx-more: yes\r\n"
            "content-length: 0\r\n\r\n");
}

TEST_F(H1WriterTest, ChecksAnAuthorityThatIsNotTheParsersAnyMore) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: A.example\r\n\r\n";
  Request parsed(arena_);
  H1RequestParser parser;
  ASSERT_EQ(parser.parse(bytes, parsed), ParseStatus::Complete);
  EXPECT_TRUE(write_request_head(parsed, {}, pool_, out_));
  parsed.authority = "b example";
  EXPECT_FALSE(write_request_head(parsed, {}, pool_, out_));
}

TEST_F(H1WriterTest, FramesAChunkWithoutCopyingIt) {
  Buffer data;
  data.append_copy(pool_, std::string(300, 'x'));
  const char* const bytes = data.front().data();
  write_chunk(data, pool_, out_);
  EXPECT_TRUE(data.empty());
  EXPECT_EQ(out_.to_string(), "12c\r\n" + std::string(300, 'x') + "\r\n");
  ASSERT_EQ(out_.slices().size(), 3u);
  EXPECT_EQ(out_.slices()[1].data(), bytes);
}

TEST_F(H1WriterTest, WritesNoChunkForNoData) {
  Buffer data;
  write_chunk(data, pool_, out_);
  EXPECT_TRUE(out_.empty());
}

TEST_F(H1WriterTest, EndsAChunkedBody) {
  write_last_chunk(nullptr, pool_, out_);
  EXPECT_EQ(out_.to_string(), "0\r\n\r\n");
  out_.clear();
  HeaderMap trailers(arena_);
  write_last_chunk(&trailers, pool_, out_);
  EXPECT_EQ(out_.to_string(), "0\r\n\r\n");
}

TEST_F(H1WriterTest, WritesOnlyTrailersThatAreAllowed) {
  HeaderMap trailers(arena_);
  trailers.add("grpc-status", "0");
  trailers.add("content-length", "5");
  trailers.add("x", "y");
  write_last_chunk(&trailers, pool_, out_);
  EXPECT_EQ(out_.to_string(), "0\r\ngrpc-status: 0\r\nx: y\r\n\r\n");
}

}  // namespace
}  // namespace weir::http
