#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h2_peer.h"
#include "tests/unit/core/http/h2_wire.h"

// Frames made by hand, against one codec.
namespace weir::http {
namespace {

using h2::Exchange;
using h2::Peer;

class H2CodecRulesTest : public testing::Test {
 protected:
  // A server that has seen the preface, and whose own settings were acknowledged.
  H2CodecRulesTest() { greet(server_); }

  static void greet(Peer& server) {
    server.feed(std::string(h2::kPreface) + h2::settings({}) + h2::settings_ack());
    server.write();
    server.log.clear();
  }

  // What the server answers, frame by frame.
  std::string answer(const std::string& bytes) {
    server_.feed(bytes);
    return h2::text_of_frames(server_.write());
  }
  static Exchange& ask(Peer& client, Method method = Method::Get, bool end = true) {
    Arena arena;
    Request request(arena);
    request.method = method;
    request.method_name = method_name(method);
    request.scheme = "http";
    request.authority = "a";
    request.path = "/";
    return client.open(request, end);
  }
  // A client with one request under way.
  static void begin(Peer& client, Method method = Method::Get) {
    ask(client, method);
    client.write();
    client.feed(h2::settings({}) + h2::settings_ack());
    client.write();
  }

  Peer server_{H2Codec::Side::Server};
};

TEST_F(H2CodecRulesTest, AnnouncesWhatAServerKeepsTo) {
  Peer server(H2Codec::Side::Server);
  const auto frames = h2::frames_in(server.write());
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].payload, h2::settings({{4, 65536}, {6, 61440}, {3, 100}, {9, 1}}).substr(9));
  EXPECT_EQ(h2::text_of(frames[1]), "WINDOW_UPDATE 0 " + std::to_string(1024 * 1024 - 65535));
}

TEST_F(H2CodecRulesTest, AnnouncesWhatAClientKeepsTo) {
  Peer client(H2Codec::Side::Client);
  const std::string bytes = client.write();
  EXPECT_TRUE(bytes.starts_with(h2::kPreface));
  EXPECT_EQ(h2::frames_in(bytes)[0].payload,
            h2::settings({{4, 65536}, {6, 61440}, {2, 0}}).substr(9));
}

TEST_F(H2CodecRulesTest, WantsThePreface) {
  for (const std::string bytes : {"GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX"}) {
    Peer server(H2Codec::Side::Server);
    server.feed(bytes);
    EXPECT_EQ(server.log, "failed bad_preface protocol\n");
    EXPECT_NE(h2::text_of_frames(server.write()).find("GOAWAY 0 0 protocol"), std::string::npos);
    EXPECT_TRUE(server.codec.finished());
  }
}

TEST_F(H2CodecRulesTest, WantsSettingsFirst) {
  Peer server(H2Codec::Side::Server);
  server.feed(std::string(h2::kPreface) + h2::ping());
  server.write();
  EXPECT_EQ(server.log, "failed protocol_error protocol\n");
}

TEST_F(H2CodecRulesTest, SaysNothingAfterAFailure) {
  server_.feed(h2::headers(1, h2::get(), 0) + h2::data(1, "abc") + h2::data(0, "x") +
               h2::headers(3, h2::get()) + h2::ping());
  EXPECT_EQ(h2::text_of_frames(server_.write()), "GOAWAY 0 1 protocol\n");
  server_.feed(h2::headers(5, h2::get()));
  EXPECT_EQ(server_.write(), "");
  EXPECT_EQ(server_.log, "failed protocol_error protocol\n");
  EXPECT_EQ(server_.exchanges.size(), 1u);
  server_.send(server_.at(1), "goes nowhere", true);
  server_.codec.ping();
  server_.codec.drain();
  EXPECT_EQ(server_.write(), "");
}

TEST_F(H2CodecRulesTest, ResetsAStreamWhoseHeadIsMalformed) {
  EXPECT_EQ(answer(h2::headers(1, h2::get({{"X", "y"}}))), "RST_STREAM 1 protocol\n");
  EXPECT_EQ(server_.at(1).log, "bad upper_case_name\n");
  EXPECT_EQ(answer(h2::headers(3, h2::get({{"connection", "close"}}), 0) + h2::data(3, "x")),
            "RST_STREAM 3 protocol\n");
  EXPECT_EQ(server_.at(3).log, "bad connection_field\n");
  EXPECT_EQ(answer(h2::headers(5, h2::get())), "");
  EXPECT_EQ(server_.at(5).log, "head end\n");
}

TEST_F(H2CodecRulesTest, ForgetsAHeadThatWasLetGoBeforeItWasComplete) {
  const std::string block = h2::block(h2::get({{"x", "y"}}));
  server_.feed(h2::frame(H2FrameType::Headers, h2::kEnd, 1, block.substr(0, 20)));
  server_.let_go(server_.at(1));
  server_.exchanges.clear();
  const std::string rest =
      h2::frame(H2FrameType::Continuation, h2::kEndHeaders, 1, block.substr(20));
  EXPECT_EQ(answer(rest + h2::headers(3, h2::get())), "RST_STREAM 1 cancel\n");
  EXPECT_EQ(server_.at(3).log, "head end\n");
}

TEST_F(H2CodecRulesTest, RefusesWhatNghttp2WouldDrop) {
  const h2::Fields dropped = {{"a b", "c"}, {"x", "\x01"}, {"x", " y"}, {"", "x"}};
  std::uint32_t stream = 1;
  for (const auto& field : dropped) {
    server_.feed(h2::headers(stream, h2::get({field})));
    EXPECT_TRUE(server_.at(static_cast<int>(stream)).log.starts_with("bad ")) << field.first;
    stream += 2;
  }
}

TEST_F(H2CodecRulesTest, AnswersWhatItCanBeforeTheReset) {
  server_.at_stream = [&](Exchange& seen) {
    seen.at_bad_message = [&](const ParseError& error) {
      server_.respond(seen, error.status, false);
      server_.send(seen, "why", true);
    };
  };
  EXPECT_EQ(answer(h2::headers(1, h2::get({{"x", "\n"}}), 0)),
            "HEADERS 1\nDATA 1 END 3\nRST_STREAM 1 protocol\n");
  // There is nothing to reset.
  EXPECT_EQ(answer(h2::headers(3, h2::get({{"x", "\n"}}))), "HEADERS 3\nDATA 3 END 3\n");
  EXPECT_EQ(answer(h2::headers(5, {{":method", "CONNECT"}, {":authority", "a:1"}}, 0)),
            "HEADERS 5\nDATA 5 END 3\nRST_STREAM 5 cancel\n");
  EXPECT_EQ(server_.at(5).response.status, 501);
}

TEST_F(H2CodecRulesTest, TellsOfAHeadThatIsTooLarge) {
  EXPECT_EQ(answer(h2::headers(1, h2::get({{"a", std::string(16'000, 'x')}}), 0)), "");
  h2::Fields fields = h2::get();
  for (int i = 0; i < 500; ++i) fields.emplace_back("cookie", std::string(100, 'x'));
  const std::string block = h2::block(fields);
  std::string bytes = h2::frame(H2FrameType::Headers, h2::kEnd, 3, block.substr(0, 16'000));
  for (std::size_t at = 16'000; at < block.size(); at += 16'000) {
    const bool last = at + 16'000 >= block.size();
    bytes += h2::frame(H2FrameType::Continuation, last ? h2::kEndHeaders : 0, 3,
                       block.substr(at, 16'000));
  }
  EXPECT_EQ(answer(bytes), "RST_STREAM 3 enhance_your_calm\n");
  EXPECT_EQ(server_.at(3).log, "bad head_too_large\n");
}

TEST_F(H2CodecRulesTest, WantsTheBodyToHaveItsLength) {
  const auto log = [&](std::uint32_t stream, const std::string& frames) {
    server_.feed(h2::headers(stream, h2::get({{"content-length", "5"}}), 0) + frames);
    server_.write();
    return server_.at(static_cast<int>(stream)).log;
  };
  EXPECT_EQ(log(1, h2::data(1, "12") + h2::data(1, "345", h2::kEnd)), "head\nend\n");
  EXPECT_EQ(log(3, h2::data(3, "1234", h2::kEnd)), "head\nbad content_length_mismatch\n");
  EXPECT_EQ(log(5, h2::data(5, "12345") + h2::data(5, "6")), "head\nbad content_length_mismatch\n");
  EXPECT_EQ(server_.at(5).body, "");
  EXPECT_EQ(log(7, h2::data(7, "1234") + h2::headers(7, {{"x", "y"}})),
            "head\nbad content_length_mismatch\n");
  EXPECT_EQ(log(9, h2::data(9, "12345") + h2::headers(9, {{"x", "y"}})), "head\ntrailers\n");
  EXPECT_EQ(log(11, h2::data(11, "12345") + h2::data(11, "", h2::kEnd)), "head\nend\n");
  EXPECT_EQ(server_.why, "");
}

TEST_F(H2CodecRulesTest, RefusesTrailersThatAreNone) {
  const auto log = [&](std::uint32_t stream, const std::string& trailers) {
    server_.feed(h2::headers(stream, h2::get(), 0) + trailers);
    return server_.at(static_cast<int>(stream)).log;
  };
  EXPECT_EQ(log(1, h2::headers(1, {{"x", "y"}}, 0)), "head\nbad trailers_without_end\n");
  EXPECT_EQ(log(3, h2::headers(3, {{":path", "/"}})), "head\nbad unknown_pseudo_header\n");
  EXPECT_EQ(log(5, h2::headers(5, {{"host", "y"}})), "head\nbad forbidden_trailer\n");
}

TEST_F(H2CodecRulesTest, UnderstandsPadding) {
  const std::string padding(3, '\0');
  server_.feed(
      h2::frame(H2FrameType::Headers, h2::kEndHeaders | h2::kPadded, 1,
                h2::number(3, 1) + h2::block(h2::get({{"content-length", "2"}})) + padding) +
      h2::frame(H2FrameType::Data, h2::kEnd | h2::kPadded, 1, h2::number(3, 1) + "ab" + padding));
  EXPECT_EQ(server_.at(1).log, "head\nend\n");
  EXPECT_EQ(server_.at(1).body, "ab");
}

TEST_F(H2CodecRulesTest, FailsOnFramesForStreamsThatThePeerEnded) {
  const auto failed = [](const std::string& bytes) {
    Peer server(H2Codec::Side::Server);
    greet(server);
    server.feed(h2::headers(1, h2::get()));
    server.respond(server.at(1), 200, true);
    server.write();
    server.feed(bytes);
    server.write();
    return server.log;
  };
  EXPECT_EQ(failed(h2::data(1, "x")), "failed stream_closed stream_closed\n");
  EXPECT_EQ(failed(h2::headers(1, h2::get())), "failed stream_closed stream_closed\n");
  EXPECT_EQ(failed(h2::headers(5, h2::get()) + h2::headers(3, h2::get())),
            "failed protocol_error protocol\n");
  EXPECT_EQ(failed(h2::headers(5, h2::get(), 0) + h2::reset(5, H2Error::Cancel) +
                   h2::headers(5, h2::get())),
            "failed stream_closed stream_closed\n");
  EXPECT_EQ(failed(h2::window_update(1, 1) + h2::reset(1, H2Error::Cancel)), "");
  EXPECT_EQ(failed(h2::headers(2, h2::get())), "failed protocol_error protocol\n");
  EXPECT_EQ(failed(h2::data(7, "x")), "failed protocol_error protocol\n");
}

TEST_F(H2CodecRulesTest, FailsOnFramesAfterTheEndOfAnOpenStream) {
  server_.feed(h2::headers(1, h2::get()) + h2::data(1, "x"));
  server_.write();
  EXPECT_EQ(server_.log, "failed stream_closed stream_closed\n");
}

TEST_F(H2CodecRulesTest, CountsNoStreamThatBothHaveEndedBeforeItCouldBeReset) {
  H2Settings settings;
  settings.max_streams = 1;
  Peer server(H2Codec::Side::Server, settings);
  greet(server);
  server.feed(h2::headers(1, h2::get(), 0));
  server.respond(server.at(1), 200, true);
  server.write();
  server.let_go(server.at(1), H2Error::None);
  server.feed(h2::data(1, "", h2::kEnd) + h2::headers(3, h2::get(), 0));
  EXPECT_EQ(server.at(3).log, "head\n");
  EXPECT_EQ(h2::text_of_frames(server.write()), "");
  server.respond(server.at(3), 200, true);
  server.write();
  server.codec.reset(*std::exchange(server.at(3).stream, nullptr), H2Error::Internal);
  server.feed(h2::data(3, "", h2::kEnd) + h2::headers(5, h2::get(), 0));
  EXPECT_EQ(server.at(5).log, "head\n");
  EXPECT_EQ(h2::text_of_frames(server.write()), "");
  EXPECT_EQ(server.why, "");
}

TEST_F(H2CodecRulesTest, LetsPassWhatWasUnderWayToAStreamThatItReset) {
  server_.feed(h2::headers(1, h2::get(), 0));
  server_.let_go(server_.at(1));
  EXPECT_EQ(answer(h2::data(1, "x")), "RST_STREAM 1 cancel\n");
  EXPECT_EQ(answer(h2::data(1, "y") + h2::headers(1, {{"x", "y"}})), "");
  server_.refuse = true;
  EXPECT_EQ(answer(h2::headers(3, h2::get(), 0)), "RST_STREAM 3 refused_stream\n");
  EXPECT_EQ(answer(h2::data(3, "z", h2::kEnd)), "");
  EXPECT_EQ(server_.why, "");
}

TEST_F(H2CodecRulesTest, RemembersEveryStreamForWhichSomethingCanComeLate) {
  std::uint32_t stream = 1;
  for (int i = 0; i < 100; ++i, stream += 2) {
    server_.feed(h2::headers(stream, h2::get(), 0));
    server_.let_go(server_.at(static_cast<int>(stream)));
  }
  server_.write();
  for (int i = 0; i < 100; ++i, stream += 2) {
    server_.feed(h2::headers(stream, h2::get()));
    server_.respond(server_.at(static_cast<int>(stream)), 200, true);
  }
  server_.write();
  for (stream = 1; stream < 200; stream += 2) server_.feed(h2::data(stream, "late", h2::kEnd));
  EXPECT_EQ(server_.why, "");
}

TEST_F(H2CodecRulesTest, FailsWhenHeadersForAStreamThatItResetGoOn) {
  server_.feed(h2::headers(1, h2::get(), 0));
  server_.let_go(server_.at(1));
  server_.write();
  for (int i = 0; i < 8; ++i) server_.feed(h2::headers(1, {{"x", "y"}}));
  EXPECT_EQ(server_.why, "");
  server_.feed(h2::headers(1, {{"x", "y"}}));
  EXPECT_EQ(server_.why, "stream_closed");
}

TEST_F(H2CodecRulesTest, LetsAServerAnswerWhatAClientHasForgotten) {
  Peer client(H2Codec::Side::Client);
  begin(client);
  client.let_go(client.at(1));
  client.write();
  for (std::int32_t id = 3; id < 2000; id += 2) {
    client.let_go(ask(client));
    client.write();
  }
  client.feed(h2::headers(1, {{":status", "200"}}, 0) + h2::data(1, "late", h2::kEnd));
  EXPECT_EQ(client.why, "");
}

TEST_F(H2CodecRulesTest, FailsOnAStreamThatDependsOnItself) {
  server_.feed(h2::frame(H2FrameType::Priority, 0, 3, h2::number(3, 4) + "x"));
  EXPECT_EQ(server_.log, "failed protocol_error protocol\n");
  Peer server(H2Codec::Side::Server);
  greet(server);
  server.feed(h2::frame(H2FrameType::Priority, 0, 3, h2::number(1, 4) + "x"));
  EXPECT_EQ(server.log, "");
  server.feed(h2::frame(H2FrameType::Headers, h2::kEndHeaders | h2::kWithPriority, 1,
                        h2::number(1, 4) + "x" + h2::block(h2::get())));
  server.write();
  EXPECT_EQ(server.log, "failed protocol_error protocol\n");
}

TEST_F(H2CodecRulesTest, FailsWhereTheFrameOrTheWindowIsWrong) {
  const auto failed = [](const std::string& bytes) {
    Peer server(H2Codec::Side::Server);
    greet(server);
    server.feed(bytes);
    server.write();
    return server.log;
  };
  EXPECT_EQ(failed(h2::frame(H2FrameType::Ping, 0, 0, "short")),
            "failed frame_size_error frame_size\n");
  EXPECT_EQ(failed(h2::frame(H2FrameType::Headers, h2::kEndHeaders, 1, "\xff\xff\xff\xff\xff")),
            "failed compression_error compression\n");
  EXPECT_EQ(failed(h2::window_update(0, 0x7fffffff)), "failed flow_control_error flow_control\n");
  EXPECT_EQ(failed(h2::window_update(0, 0)), "failed protocol_error protocol\n");
  EXPECT_EQ(failed(h2::settings({{4, 0x80000000}})), "failed flow_control_error flow_control\n");
  EXPECT_EQ(failed(h2::frame(H2FrameType::Continuation, 0, 1)), "failed protocol_error protocol\n");
  EXPECT_EQ(failed(h2::data(1, std::string(16'385, 'x'))), "failed frame_size_error frame_size\n");
}

TEST_F(H2CodecRulesTest, ResetsAStreamThatExceedsItsWindow) {
  server_.greedy = false;
  std::string bytes = h2::headers(1, h2::get(), 0);
  for (int i = 0; i < 4; ++i) bytes += h2::data(1, std::string(16'384, 'x'));
  server_.feed(bytes);
  EXPECT_EQ(server_.at(1).log, "head\n");
  EXPECT_EQ(answer(h2::data(1, "x")), "RST_STREAM 1 flow_control\n");
  EXPECT_EQ(server_.at(1).log, "head\nreset flow_control\n");
}

TEST_F(H2CodecRulesTest, GivesCreditForTheConnectionAtOnceAndForAStreamWhenBytesWentOn) {
  server_.greedy = false;
  std::string expected;
  for (std::uint32_t stream = 1; stream < 21; stream += 2) {
    std::string bytes = h2::headers(stream, h2::get(), 0);
    for (int i = 0; i < 4; ++i) bytes += h2::data(stream, std::string(16'000, 'x'));
    expected += answer(bytes);
  }
  EXPECT_EQ(expected, "WINDOW_UPDATE 0 528000\n");
  server_.codec.consume(*server_.at(3).stream, 10'000);
  EXPECT_EQ(h2::text_of_frames(server_.write()), "");
  server_.codec.consume(*server_.at(3).stream, 30'000);
  EXPECT_EQ(h2::text_of_frames(server_.write()), "WINDOW_UPDATE 3 40000\n");
}

TEST_F(H2CodecRulesTest, RefusesStreamsBeyondTheLimitUntilTheSettingsAreKnown) {
  H2Settings settings;
  settings.max_streams = 2;
  Peer server(H2Codec::Side::Server, settings);
  server.feed(std::string(h2::kPreface) + h2::settings({}));
  server.write();
  for (const std::uint32_t stream : {1, 3}) server.feed(h2::headers(stream, h2::get()));
  server.feed(h2::headers(5, h2::get(), 0) + h2::data(5, "under way"));
  EXPECT_EQ(h2::text_of_frames(server.write()), "RST_STREAM 5 refused_stream\n");
  server.feed(h2::data(5, "under way"));
  EXPECT_EQ(server.why, "");
  server.feed(h2::settings_ack() + h2::headers(7, h2::get()));
  server.write();
  EXPECT_EQ(server.why, "protocol_error");
}

TEST_F(H2CodecRulesTest, TakesPriorityUpdatesBeforeAndAfterTheStream) {
  server_.feed(h2::priority_update(3, "u=0") + h2::headers(1, h2::get()) +
               h2::headers(3, h2::get({{"priority", "u=7"}})) + h2::headers(5, h2::get()) +
               h2::priority_update(5, "u=1") + h2::priority_update(5, "not ; a dictionary") +
               h2::priority_update(99, std::string(200, 'x')));
  for (const std::int32_t id : {1, 3, 5}) {
    server_.respond(server_.at(id), 200, false);
    server_.send(server_.at(id), "x", true);
  }
  EXPECT_EQ(h2::text_of_frames(server_.write()),
            "HEADERS 1\nHEADERS 3\nHEADERS 5\nDATA 3 END 1\nDATA 5 END 1\nDATA 1 END 1\n");
  EXPECT_EQ(server_.why, "");
}

TEST_F(H2CodecRulesTest, FailsOnPriorityUpdatesThatAreNone) {
  const auto failed = [](const std::string& bytes) {
    Peer server(H2Codec::Side::Server);
    greet(server);
    server.feed(bytes);
    return server.log;
  };
  EXPECT_EQ(failed(h2::priority_update(0, "u=1")), "failed protocol_error protocol\n");
  EXPECT_EQ(failed(h2::priority_update(2, "u=1")), "failed protocol_error protocol\n");
  EXPECT_EQ(failed(h2::frame(H2FrameType::PriorityUpdate, 0, 1, "1234u=1")),
            "failed protocol_error protocol\n");
  EXPECT_EQ(failed(h2::frame(H2FrameType::PriorityUpdate, 0, 0, "123")),
            "failed frame_size_error frame_size\n");
  EXPECT_EQ(failed(h2::frame(H2FrameType::PriorityUpdate, 0, 0)),
            "failed frame_size_error frame_size\n");
  Peer client(H2Codec::Side::Client);
  begin(client);
  client.feed(h2::priority_update(1, "u=1"));
  EXPECT_EQ(client.why, "protocol_error");
}

TEST_F(H2CodecRulesTest, ReadsResponses) {
  const auto log = [](const std::string& bytes, Method method = Method::Get) {
    Peer client(H2Codec::Side::Client);
    begin(client, method);
    client.feed(bytes);
    client.write();
    return client.at(1).log + client.why;
  };
  const h2::Fields ok = {{":status", "200"}};
  EXPECT_EQ(log(h2::headers(1, ok, 0) + h2::data(1, "x", h2::kEnd)), "head\nend\n");
  EXPECT_EQ(log(h2::headers(1, {{":status", "100"}})), "bad informational_end\n");
  EXPECT_EQ(log(h2::headers(1, {{":status", "101"}}, 0)), "bad bad_status\n");
  EXPECT_EQ(log(h2::headers(1, {{":status", "100"}}, 0) + h2::data(1, "x")),
            "informational 100\nbad body_before_head\n");
  EXPECT_EQ(log(h2::headers(1, {{":status", "100"}}, 0) + h2::data(1, "", h2::kEnd)),
            "informational 100\nbad body_before_head\n");
  EXPECT_EQ(log(h2::headers(1, ok, 0) + h2::data(1, "x"), Method::Head),
            "head\nbad content_length_mismatch\n");
  EXPECT_EQ(log(h2::headers(1, ok, 0) + h2::data(1, "", h2::kEnd), Method::Head), "head\nend\n");
  EXPECT_EQ(log(h2::data(1, "x")), "protocol_error");
  EXPECT_EQ(log(h2::headers(3, ok)), "protocol_error");
  EXPECT_EQ(log(h2::frame(H2FrameType::PushPromise, h2::kEndHeaders, 1,
                          h2::number(2, 4) + h2::block(h2::get()))),
            "protocol_error");
  EXPECT_EQ(log(h2::headers(1, ok) + h2::data(1, "x")), "head end\nstream_closed");
}

TEST_F(H2CodecRulesTest, LimitsInformationalResponses) {
  Peer client(H2Codec::Side::Client);
  begin(client);
  for (int i = 0; i < 16; ++i) client.feed(h2::headers(1, {{":status", "103"}}, 0));
  EXPECT_EQ(client.at(1).log.find("bad"), std::string::npos);
  client.feed(h2::headers(1, {{":status", "103"}}, 0));
  EXPECT_TRUE(client.at(1).log.ends_with("bad too_many_informational\n"));
}

TEST_F(H2CodecRulesTest, TellsWhichRequestsAreUnprocessed) {
  Peer client(H2Codec::Side::Client);
  begin(client);
  ask(client);
  ask(client);
  client.write();
  client.feed(h2::goaway(3, H2Error::None));
  EXPECT_EQ(client.at(1).log, "");
  EXPECT_EQ(client.at(3).log, "");
  EXPECT_EQ(client.at(5).log, "reset refused_stream by_peer unprocessed\n");
  client.feed(h2::reset(3, H2Error::RefusedStream) + h2::reset(1, H2Error::Internal));
  EXPECT_EQ(client.at(3).log, "reset refused_stream by_peer unprocessed\n");
  EXPECT_EQ(client.at(1).log, "reset internal by_peer\n");
  EXPECT_TRUE(client.log.ends_with("goaway none\n"));
}

TEST_F(H2CodecRulesTest, SendsNoRequestThatGoawayOvertook) {
  Peer client(H2Codec::Side::Client);
  begin(client);
  Exchange& late = ask(client);
  client.feed(h2::goaway(1, H2Error::None));
  EXPECT_EQ(h2::text_of_frames(client.write()), "");
  EXPECT_EQ(late.log, "reset refused_stream by_peer unprocessed\n");
}

TEST_F(H2CodecRulesTest, ForgetsARequestThatWasLetGoBeforeItWasSent) {
  Peer client(H2Codec::Side::Client);
  begin(client);
  Exchange& exchange = ask(client, Method::Post, false);
  client.send(exchange, "body", true);
  client.codec.reset(*std::exchange(exchange.stream, nullptr), H2Error::Cancel);
  EXPECT_EQ(h2::text_of_frames(client.write()), "");
  EXPECT_EQ(client.codec.open_streams(), 1u);
}

TEST_F(H2CodecRulesTest, TakesALateSettingOfItsPeer) {
  server_.feed(h2::settings({{4, 10}}) + h2::headers(1, h2::get()));
  server_.write();
  server_.respond(server_.at(1), 200, false);
  server_.send(server_.at(1), "0123456789abc", true);
  EXPECT_EQ(h2::text_of_frames(server_.write()), "HEADERS 1\nDATA 1 10\n");
  EXPECT_EQ(server_.at(1).stream->pending(), 3u);
  EXPECT_EQ(answer(h2::settings({{4, 100}})), "SETTINGS 0 ACK\nDATA 1 END 3\n");
}

}  // namespace
}  // namespace weir::http
