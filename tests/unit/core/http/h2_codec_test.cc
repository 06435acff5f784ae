#include "core/http/h2_codec.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h2_peer.h"
#include "tests/unit/core/http/h2_wire.h"

// Two codecs back to back.
namespace weir::http {
namespace {

using h2::Exchange;
using h2::Peer;

class H2CodecTest : public testing::Test {
 protected:
  H2CodecTest() {
    request_.method = Method::Get;
    request_.method_name = "GET";
    request_.scheme = "https";
    request_.authority = "a.example";
    request_.path = "/a";
    request_.query = "?b";
  }

  void pump(std::size_t piece = SIZE_MAX) { h2::pump(client_, server_, piece); }
  // A request without a body that has arrived.
  Exchange& request(std::size_t piece = SIZE_MAX) {
    Exchange& exchange = client_.open(request_, true);
    pump(piece);
    return exchange;
  }

  Arena arena_;
  Request request_{arena_};
  Peer server_{H2Codec::Side::Server};
  Peer client_{H2Codec::Side::Client};
};

TEST_F(H2CodecTest, CarriesARequestAndItsResponseHoweverTheBytesArrive) {
  request_.headers.add("cookie", "a=1");
  for (std::size_t piece = 1; piece < 80; ++piece) {
    Peer server(H2Codec::Side::Server);
    Peer client(H2Codec::Side::Client);
    Exchange& asked = client.open(request_, false);
    client.send(asked, "hello", true);
    h2::pump(client, server, piece);
    Exchange& seen = server.at(1);
    ASSERT_EQ(seen.log, "head\nend\n") << piece;
    EXPECT_EQ(seen.request.method, Method::Get);
    EXPECT_EQ(seen.request.path, "/a");
    EXPECT_EQ(seen.request.query, "?b");
    EXPECT_EQ(seen.request.host, "a.example");
    EXPECT_EQ(seen.request.version, Version::Http2);
    EXPECT_EQ(h2::text_of(seen.request.headers), "cookie: a=1\n");
    EXPECT_EQ(seen.body, "hello");
    seen.response.headers.add("x", "y");
    server.respond(seen, 200, false);
    server.send(seen, "world", true);
    h2::pump(client, server, piece);
    ASSERT_EQ(asked.log, "head\nend\n") << piece;
    EXPECT_EQ(asked.response.status, 200);
    EXPECT_EQ(h2::text_of(asked.response.headers), "x: y\n");
    EXPECT_EQ(asked.body, "world");
    EXPECT_EQ(server.codec.open_streams(), 0u);
    EXPECT_EQ(client.codec.open_streams(), 0u);
  }
}

TEST_F(H2CodecTest, CarriesHeadsWithoutBodies) {
  Exchange& asked = request();
  EXPECT_EQ(server_.at(1).log, "head end\n");
  server_.respond(server_.at(1), 204, true);
  pump();
  EXPECT_EQ(asked.log, "head end\n");
  EXPECT_EQ(asked.response.status, 204);
}

TEST_F(H2CodecTest, CarriesLargeBodiesBothWaysThroughTheirWindows) {
  std::string text;
  for (int i = 0; text.size() < 1'000'000; ++i) text += std::to_string(i);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{16'000}, std::size_t{997}}) {
    Peer server(H2Codec::Side::Server);
    Peer client(H2Codec::Side::Client);
    Exchange& asked = client.open(request_, false);
    client.send(asked, text, true);
    h2::pump(client, server, piece);
    EXPECT_EQ(server.at(1).body, text);
    server.respond(server.at(1), 200, false);
    server.send(server.at(1), text, true);
    h2::pump(client, server, piece);
    EXPECT_EQ(asked.body, text);
  }
}

TEST_F(H2CodecTest, CarriesHeadsOfManyFrames) {
  for (int i = 0; i < 50; ++i) {
    request_.headers.add("x-" + std::to_string(i), std::string(1000, 'a'));
  }
  request();
  EXPECT_EQ(server_.at(1).log, "head end\n");
  EXPECT_EQ(server_.at(1).request.headers.size(), 50u);
}

TEST_F(H2CodecTest, CarriesTrailersBothWays) {
  Exchange& asked = client_.open(request_, false);
  client_.send(asked, "hello", false);
  HeaderMap trailers(arena_);
  trailers.add("grpc-status", "0");
  trailers.add("x", "");
  client_.codec.send_trailers(*asked.stream, trailers);
  trailers.clear();
  pump();
  Exchange& seen = server_.at(1);
  EXPECT_EQ(seen.log, "head\ntrailers\n");
  EXPECT_EQ(seen.body, "hello");
  EXPECT_EQ(h2::text_of(seen.trailers), "grpc-status: 0\nx: \n");

  server_.respond(seen, 200, false);
  trailers.add("grpc-status", "1");
  server_.codec.send_trailers(*seen.stream, trailers);
  EXPECT_EQ(h2::text_of_frames(server_.write()), "HEADERS 1\nHEADERS 1 END\n");
}

TEST_F(H2CodecTest, EndsABodyWhoseTrailersMayNotBeSent) {
  request();
  server_.respond(server_.at(1), 200, false);
  server_.write();
  HeaderMap trailers(arena_);
  trailers.add("content-length", "3");
  server_.codec.send_trailers(*server_.at(1).stream, trailers);
  EXPECT_EQ(h2::text_of_frames(server_.write()), "DATA 1 END 0\n");
}

TEST_F(H2CodecTest, CarriesInformationalResponses) {
  Exchange& asked = request();
  Exchange& seen = server_.at(1);
  Response early(arena_);
  early.status = 103;
  early.headers.add("link", "</a>");
  EXPECT_TRUE(server_.codec.send_head(*seen.stream, early, {}, false));
  early.status = 100;
  EXPECT_TRUE(server_.codec.send_head(*seen.stream, early, {}, false));
  server_.respond(seen, 200, true);
  pump();
  EXPECT_EQ(asked.log, "informational 103\ninformational 100\nhead end\n");
  EXPECT_EQ(asked.response.headers.size(), 0u);
}

TEST_F(H2CodecTest, TellsOfExpectations) {
  request_.headers.add("expect", "100-continue");
  client_.open(request_, false);
  pump();
  EXPECT_TRUE(server_.at(1).stream->expect_continue());
}

TEST_F(H2CodecTest, KnowsThatHeadHasNoBody) {
  request_.method = Method::Head;
  request_.method_name = "HEAD";
  Exchange& asked = request();
  Response response(arena_);
  response.status = 200;
  response.headers.add("content-length", "7");
  EXPECT_TRUE(server_.codec.send_head(*server_.at(1).stream, response, {.to_head = true}, true));
  pump();
  EXPECT_EQ(asked.log, "head end\n");
  EXPECT_EQ(h2::text_of(asked.response.headers), "content-length: 7\n");
}

TEST_F(H2CodecTest, CarriesATunnelWhereItIsAllowed) {
  EXPECT_FALSE(client_.codec.peer_connects());
  H2Settings settings;
  settings.extended_connect = true;
  Peer server(H2Codec::Side::Server, settings);
  Peer client(H2Codec::Side::Client);
  h2::pump(client, server);
  EXPECT_TRUE(client.codec.peer_connects());
  Exchange& asked = client.open(request_, false, {.upgrade = "websocket"});
  h2::pump(client, server);
  Exchange& seen = server.at(1);
  EXPECT_EQ(seen.request.upgrade, "websocket");
  EXPECT_EQ(seen.request.method, Method::Get);
  seen.response.status = 101;
  EXPECT_TRUE(server.codec.send_head(*seen.stream, seen.response, {.to_connect = true}, false));
  server.send(seen, "from server", false);
  client.send(asked, "from client", false);
  h2::pump(client, server);
  EXPECT_EQ(asked.response.status, 101);
  EXPECT_EQ(asked.body, "from server");
  EXPECT_EQ(seen.body, "from client");
  client.send(asked, "", true);
  h2::pump(client, server);
  EXPECT_EQ(seen.log, "head\nend\n");
  server.send(seen, "more", true);
  h2::pump(client, server);
  EXPECT_EQ(asked.body, "from servermore");
  EXPECT_EQ(asked.log, "head\nend\n");
}

TEST_F(H2CodecTest, TellsThePeerOfAReset) {
  Exchange& asked = request();
  client_.let_go(asked);
  pump();
  EXPECT_EQ(server_.at(1).log, "head end\nreset cancel by_peer\n");
  EXPECT_EQ(server_.codec.open_streams(), 0u);
}

TEST_F(H2CodecTest, DeliversWhatCameBeforeAReset) {
  Exchange& asked = request();
  Exchange& seen = server_.at(1);
  server_.respond(seen, 200, false);
  server_.send(seen, "hello", false);
  std::string bytes = server_.write();
  server_.codec.reset(*std::exchange(seen.stream, nullptr), H2Error::Internal);
  bytes += server_.write();
  client_.feed(bytes);
  EXPECT_EQ(asked.body, "hello");
  EXPECT_EQ(asked.log, "head\nreset internal by_peer\n");
}

TEST_F(H2CodecTest, FinishesAResponseThatItsOwnerLetGo) {
  Exchange& asked = client_.open(request_, false);
  pump();
  Exchange& seen = server_.at(1);
  server_.respond(seen, 200, false);
  server_.send(seen, std::string(200'000, 'x'), true);
  server_.let_go(seen, H2Error::None);
  pump();
  EXPECT_EQ(asked.body.size(), 200'000u);
  // The rest of the request is not wanted.
  EXPECT_EQ(asked.log, "head\nend\nreset none by_peer\n");
  EXPECT_EQ(server_.codec.open_streams(), 0u);
  EXPECT_EQ(server_.pool.bytes_in_use(), 0u);
}

TEST_F(H2CodecTest, MaySendAgainWhatWasRefused) {
  server_.refuse = true;
  Exchange& asked = request();
  EXPECT_EQ(asked.log, "reset refused_stream by_peer unprocessed\n");
}

TEST_F(H2CodecTest, OpensNoMoreStreamsThanThePeerAllows) {
  H2Settings settings;
  settings.max_streams = 2;
  Peer server(H2Codec::Side::Server, settings);
  Peer client(H2Codec::Side::Client);
  h2::pump(client, server);
  EXPECT_EQ(client.codec.peer_max_streams(), 2u);
  client.open(request_, true);
  EXPECT_TRUE(client.codec.can_open());
  client.open(request_, true);
  EXPECT_FALSE(client.codec.can_open());
  EXPECT_EQ(client.open(request_, true).stream, nullptr);
  h2::pump(client, server);
  server.respond(server.at(3), 200, true);
  h2::pump(client, server);
  EXPECT_TRUE(client.codec.can_open());
}

TEST_F(H2CodecTest, ReusesWhatItKeepsOfStreams) {
  for (int i = 0; i < 1000; ++i) {
    Exchange& asked = request();
    const std::int32_t id = asked.stream->id();
    server_.respond(server_.at(id), 200, false);
    server_.send(server_.at(id), "x", true);
    server_.let_go(server_.at(id));
    pump();
    ASSERT_EQ(asked.body, "x");
    client_.let_go(asked);
    client_.exchanges.clear();
    server_.exchanges.clear();
  }
  EXPECT_EQ(server_.log, "settings\n");
  EXPECT_EQ(server_.pool.bytes_in_use(), 0u);
}

TEST_F(H2CodecTest, DrainsAServerInTwoSteps) {
  request();
  server_.codec.drain();
  const std::string warning = server_.write();
  EXPECT_EQ(h2::text_of_frames(warning), "PING 0\nGOAWAY 0 2147483647 none\n");
  // Under way before the client hears of it.
  Exchange& late = client_.open(request_, true);
  const std::string request = client_.write();
  client_.feed(warning);
  EXPECT_EQ(client_.log, "settings\ngoaway none\n");
  EXPECT_FALSE(client_.codec.can_open());
  server_.feed(request);
  EXPECT_EQ(server_.at(3).log, "head end\n");
  pump();
  EXPECT_EQ(client_.log, "settings\ngoaway none\ngoaway none\n");
  EXPECT_FALSE(server_.codec.finished());
  server_.respond(server_.at(1), 200, true);
  server_.respond(server_.at(3), 200, true);
  pump();
  EXPECT_EQ(late.log, "head end\n");
  EXPECT_TRUE(server_.codec.finished());
  EXPECT_TRUE(client_.codec.finished());
}

TEST_F(H2CodecTest, TellsWhichStreamsOfADrainedServerMayBeSentAgain) {
  Peer server(H2Codec::Side::Server);
  Peer client(H2Codec::Side::Client);
  client.open(request_, true);
  h2::pump(client, server);
  server.codec.drain_now();
  const std::string goaway = server.write();
  Exchange& unseen = client.open(request_, true);
  server.feed(client.write());
  client.feed(goaway);
  EXPECT_EQ(unseen.log, "reset refused_stream by_peer unprocessed\n");
  EXPECT_EQ(server.exchanges.size(), 1u);
  // Bytes for what was never opened are nobody's fault.
  server.feed(h2::data(3, "late", h2::kEnd));
  EXPECT_EQ(server.why, "");
}

TEST_F(H2CodecTest, RefusesWhatComesBetweenTheLastGoawayAndItsWriting) {
  request();
  Exchange& late = client_.open(request_, true);
  server_.codec.drain_now();
  server_.feed(client_.write());
  EXPECT_EQ(server_.exchanges.size(), 1u);
  pump();
  EXPECT_EQ(late.log, "reset refused_stream by_peer unprocessed\n");
}

TEST_F(H2CodecTest, DrainsAClient) {
  Exchange& asked = request();
  client_.codec.drain();
  EXPECT_FALSE(client_.codec.can_open());
  server_.respond(server_.at(1), 200, true);
  pump();
  EXPECT_EQ(asked.log, "head end\n");
  EXPECT_EQ(server_.log, "settings\ngoaway none\n");
  EXPECT_TRUE(client_.codec.finished());
}

TEST_F(H2CodecTest, AsksWhetherThePeerIsThere) {
  client_.codec.ping();
  pump();
  EXPECT_EQ(client_.log, "settings\npong\n");
  EXPECT_EQ(server_.log, "settings\n");
}

TEST_F(H2CodecTest, SaysWhenAStreamIsFullAndWhenItWantsMore) {
  client_.greedy = false;
  Exchange& asked = request();
  Exchange& seen = server_.at(1);
  server_.respond(seen, 200, false);
  Buffer data;
  data.append_copy(server_.pool, std::string(64 * 1024 - 1, 'x'));
  EXPECT_TRUE(server_.codec.send_body(*seen.stream, data, false));
  data.append_copy(server_.pool, "x");
  EXPECT_FALSE(server_.codec.send_body(*seen.stream, data, false));
  EXPECT_EQ(seen.stream->pending(), 64u * 1024);
  EXPECT_EQ(seen.log, "head end\n");
  pump();
  EXPECT_EQ(seen.log, "head end\nwants_more\n");
  EXPECT_EQ(seen.stream->pending(), 0u);
  // The window is used up now.
  server_.send(seen, std::string(64 * 1024, 'x'), false);
  pump();
  EXPECT_EQ(seen.stream->pending(), 64u * 1024);
  EXPECT_EQ(asked.body.size(), 64u * 1024);
  client_.codec.consume(*asked.stream, 40 * 1024);
  pump();
  EXPECT_EQ(seen.stream->pending(), 24u * 1024);
  EXPECT_EQ(seen.log, "head end\nwants_more\nwants_more\n");
}

TEST_F(H2CodecTest, LetsASlowStreamStopAlone) {
  // The first takes its body and never gives credit.
  server_.greedy = false;
  Exchange& slow = client_.open(request_, false);
  client_.send(slow, std::string(1024 * 1024, 's'), true);
  pump();
  server_.greedy = true;
  for (int i = 0; i < 20; ++i) {
    Exchange& quick = client_.open(request_, false);
    client_.send(quick, std::string(1024 * 1024, 'q'), true);
    pump();
    EXPECT_EQ(server_.at(quick.stream->id()).body.size(), 1024u * 1024);
  }
  EXPECT_EQ(server_.at(1).body.size(), 64u * 1024);
  EXPECT_EQ(slow.stream->pending(), 1024u * 1024 - 64 * 1024);
  server_.codec.consume(*server_.at(1).stream, 64 * 1024);
  pump();
  EXPECT_EQ(server_.at(1).body.size(), 128u * 1024);
}

TEST_F(H2CodecTest, StopsWritingAtTheLimit) {
  client_.greedy = false;
  request();
  server_.respond(server_.at(1), 200, false);
  server_.send(server_.at(1), std::string(60'000, 'x'), true);
  const std::string first = server_.write(1000);
  EXPECT_GT(first.size(), 1000u);
  EXPECT_LT(first.size(), 1000u + 16 * 1024 + 9);
  EXPECT_TRUE(server_.codec.wants_write());
  std::string rest;
  while (server_.codec.wants_write()) rest += server_.write(1);
  client_.feed(first + rest);
  EXPECT_EQ(client_.at(1).body.size(), 60'000u);
}

TEST_F(H2CodecTest, SendsBodiesAsTheSlicesThatItWasGiven) {
  request();
  server_.respond(server_.at(1), 200, false);
  server_.write();
  static const std::string text(30'000, 'x');
  Buffer data;
  data.append(Slice::of_static(text));
  server_.codec.send_body(*server_.at(1).stream, data, true);
  Buffer out;
  server_.codec.write(out, SIZE_MAX);
  ASSERT_EQ(out.slices().size(), 4u);
  EXPECT_EQ(out.slices()[1].data(), text.data());
  EXPECT_EQ(out.slices()[3].data(), text.data() + 16 * 1024);
}

TEST_F(H2CodecTest, WritesASmallResponseInOnePiece) {
  request();
  server_.respond(server_.at(1), 200, false);
  server_.send(server_.at(1), std::string(512, 'x'), true);
  Buffer out;
  server_.codec.write(out, SIZE_MAX);
  EXPECT_EQ(out.slices().size(), 1u);
}

TEST_F(H2CodecTest, HoldsLittleMemoryForManySmallParts) {
  // A byte of data in each block that is read.
  client_.open(request_, false);
  pump();
  std::string got;
  std::size_t most = 0;
  Buffer kept;
  Exchange& seen = server_.at(1);
  server_.greedy = false;
  for (int i = 0; i < 10'000; ++i) {
    server_.now += 100;
    server_.feed(h2::data(1, "x") + h2::window_update(1, 1));
    most = std::max(most, server_.pool.bytes_in_use());
  }
  EXPECT_EQ(seen.body.size(), 10'000u);
  EXPECT_LE(most, 64u * 1024);
}

TEST_F(H2CodecTest, SendsByUrgencyAndTakesTurnsWithinIt) {
  const auto open = [&](const char* priority) -> std::int32_t {
    Request request(arena_);
    request.method_name = "GET";
    request.scheme = "http";
    request.authority = "a";
    request.path = "/";
    if (priority != nullptr) request.headers.add("priority", priority);
    return client_.open(request, true).stream->id();
  };
  const std::int32_t later = open("u=5");
  const std::int32_t first = open("u=1");
  const std::int32_t second = open("u=1");
  const std::int32_t turns = open("u=4, i");
  const std::int32_t turns_too = open("u=4, i");
  pump();
  for (const std::int32_t id : {later, first, second, turns, turns_too}) {
    server_.respond(server_.at(id), 200, false);
    server_.send(server_.at(id), std::string(40'000, 'x'), true);
  }
  std::string order;
  for (const h2::Frame& frame : h2::frames_in(server_.write())) {
    if (frame.head.type == H2FrameType::Data) order += std::to_string(frame.head.stream) + " ";
  }
  EXPECT_EQ(order, "3 3 3 5 5 5 7 9 7 9 7 9 1 1 1 ");
}

TEST_F(H2CodecTest, TakesTurnsWhereTheClientSaysNothing) {
  request();
  request();
  for (const std::int32_t id : {1, 3}) {
    server_.respond(server_.at(id), 200, false);
    server_.send(server_.at(id), std::string(32'000, 'x'), true);
  }
  std::string order;
  for (const h2::Frame& frame : h2::frames_in(server_.write())) {
    if (frame.head.type == H2FrameType::Data) order += std::to_string(frame.head.stream) + " ";
  }
  EXPECT_EQ(order, "1 3 1 3 ");
}

TEST_F(H2CodecTest, TakesTurnsWithRequestBodies) {
  pump();
  for (int i = 0; i < 2; ++i)
    client_.send(client_.open(request_, false), std::string(32'000, 'x'), true);
  std::string order;
  for (const h2::Frame& frame : h2::frames_in(client_.write())) {
    if (frame.head.type == H2FrameType::Data) order += std::to_string(frame.head.stream) + " ";
  }
  EXPECT_EQ(order, "1 3 1 3 ");
}

TEST_F(H2CodecTest, HoldsNoBlockForAStreamWhoseDataWentOn) {
  Exchange& asked = client_.open(request_, false);
  for (int i = 0; i < 3; ++i) {
    client_.send(asked, "message", false);
    pump();
  }
  EXPECT_EQ(server_.at(1).body, "messagemessagemessage");
  EXPECT_EQ(server_.pool.bytes_in_use(), 0u);
}

TEST_F(H2CodecTest, RefusesToSendWhatCannotBeSent) {
  request();
  server_.respond(server_.at(1), 101, false);
  EXPECT_EQ(server_.log, "settings\nnot sent\n");
  request_.path = "no path";
  EXPECT_EQ(client_.open(request_, true).stream, nullptr);
}

TEST_F(H2CodecTest, ResetsAStreamWhoseHeadIsTooLargeToSend) {
  Exchange& asked = request();
  Exchange& seen = server_.at(1);
  seen.response.headers.add("x", std::string(2 * 1024 * 1024, 'x'));
  server_.respond(seen, 200, false);
  pump();
  EXPECT_EQ(seen.log, "head end\nreset internal\n");
  EXPECT_EQ(asked.log, "reset internal by_peer\n");
}

TEST_F(H2CodecTest, GoesOnInsideItsOwnEvents) {
  server_.at_stream = [&](Exchange& seen) {
    seen.at_head = [&] {
      server_.respond(seen, 200, false);
      server_.send(seen, "answer", true);
      server_.let_go(seen, H2Error::None);
    };
  };
  Exchange& asked = client_.open(request_, false);
  asked.at_body = [&](bool end) {
    if (end) client_.let_go(asked);
  };
  client_.send(asked, "never read", false);
  pump();
  EXPECT_EQ(asked.body, "answer");
  EXPECT_EQ(server_.codec.open_streams(), 0u);
  EXPECT_EQ(client_.codec.open_streams(), 0u);
}

}  // namespace
}  // namespace weir::http
