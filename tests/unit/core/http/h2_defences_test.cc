#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h2_peer.h"
#include "tests/unit/core/http/h2_wire.h"

// What a peer may do how often: at the limit, beyond it, and when time goes by.
namespace weir::http {
namespace {

using h2::Peer;

class H2DefencesTest : public testing::Test {
 protected:
  H2DefencesTest() { greet(server_); }

  static void greet(Peer& server) {
    server.feed(std::string(h2::kPreface) + h2::settings({}) + h2::settings_ack());
    server.write();
    server.log.clear();
  }

  // Feeds `make(i)` so often; what is answered goes nowhere.
  template <typename Make>
  void feed(int times, Make make) {
    for (int i = 0; i < times && server_.why.empty(); ++i) {
      server_.feed(make(i));
      server_.write();
    }
  }
  // As many as that are let through, one more ends the connection, and time heals.
  template <typename Make>
  void expect_limit(int limit, std::string_view why, Make make) {
    feed(limit, make);
    EXPECT_EQ(server_.why, "") << why;
    server_.now += 2000;
    feed(1, make);
    EXPECT_EQ(server_.why, "") << why << " after two seconds";
    feed(limit + 1000, make);
    EXPECT_EQ(server_.why, why);
    EXPECT_TRUE(server_.log.ends_with("failed " + std::string(why) + " enhance_your_calm\n"));
    EXPECT_TRUE(server_.codec.finished());
  }

  std::uint32_t next_stream() {
    stream_ += 2;
    return stream_;
  }

  Peer server_{H2Codec::Side::Server};
  std::uint32_t stream_ = static_cast<std::uint32_t>(-1);
};

TEST_F(H2DefencesTest, StopsRapidReset) {
  expect_limit(1000, "rapid_reset", [&](int) {
    const std::uint32_t stream = next_stream();
    return h2::headers(stream, h2::get()) + h2::reset(stream, H2Error::Cancel);
  });
}

TEST_F(H2DefencesTest, StopsResetsThatThePeerProvokes) {
  expect_limit(1000, "provoked_resets", [&](int) {
    const std::uint32_t stream = next_stream();
    return h2::headers(stream, h2::get({{"X", "y"}}));
  });
}

TEST_F(H2DefencesTest, StopsResetsThatWindowsProvoke) {
  expect_limit(1000, "provoked_resets", [&](int) {
    server_.now += 3;  // for the updates of windows
    const std::uint32_t stream = next_stream();
    return h2::headers(stream, h2::get()) + h2::window_update(stream, 0x7fffffff);
  });
}

TEST_F(H2DefencesTest, StopsResetsOfStreamsThatAreRefused) {
  server_.refuse = true;
  expect_limit(1000, "provoked_resets", [&](int) { return h2::headers(next_stream(), h2::get()); });
}

TEST_F(H2DefencesTest, StopsStreamsThatComeAfterTheLastGoaway) {
  server_.feed(h2::headers(next_stream(), h2::get()));
  server_.codec.drain_now();
  server_.write();
  for (int i = 0; i < 1000; ++i) server_.feed(h2::headers(next_stream(), h2::get()));
  EXPECT_EQ(server_.why, "");
  server_.feed(h2::headers(next_stream(), h2::get()));
  EXPECT_EQ(server_.why, "provoked_resets");
}

TEST_F(H2DefencesTest, CountsNoResetThatTheOwnerWants) {
  for (int i = 0; i < 3000; ++i) {
    const std::uint32_t stream = next_stream();
    server_.feed(h2::headers(stream, h2::get()));
    server_.let_go(server_.at(static_cast<int>(stream)));
    server_.write();
  }
  EXPECT_EQ(server_.why, "");
}

TEST_F(H2DefencesTest, StopsPings) {
  expect_limit(1000, "ping_flood", [](int) { return h2::ping(); });
}

TEST_F(H2DefencesTest, StopsPongsThatNobodyAskedFor) {
  expect_limit(1000, "ping_flood", [](int) { return h2::ping(h2::kAck); });
}

TEST_F(H2DefencesTest, StopsSettings) {
  // Two came at the beginning.
  expect_limit(98, "settings_flood", [](int) { return h2::settings({{4, 70'000}}); });
}

TEST_F(H2DefencesTest, StopsSettingsWithManyEntries) {
  server_.feed(h2::settings(std::vector<std::pair<std::uint16_t, std::uint32_t>>(32, {4, 7})));
  EXPECT_EQ(server_.log, "settings\n");
  server_.feed(h2::settings(std::vector<std::pair<std::uint16_t, std::uint32_t>>(33, {4, 7})));
  server_.write();
  EXPECT_EQ(server_.why, "settings_flood");
}

TEST_F(H2DefencesTest, StopsEmptyData) {
  server_.feed(h2::headers(next_stream(), h2::get(), 0));
  expect_limit(100, "empty_data_flood", [&](int) { return h2::data(1, ""); });
}

TEST_F(H2DefencesTest, StopsDataThatIsAllPadding) {
  server_.feed(h2::headers(next_stream(), h2::get(), 0));
  expect_limit(100, "empty_data_flood", [&](int) {
    return h2::frame(H2FrameType::Data, h2::kPadded, 1,
                     h2::number(200, 1) + std::string(200, '\0'));
  });
}

TEST_F(H2DefencesTest, StopsPriorities) {
  expect_limit(1000, "priority_flood", [](int i) {
    if (i % 2 == 0) return h2::priority_update(static_cast<std::uint32_t>(i) * 2 + 1, "u=1");
    return h2::frame(H2FrameType::Priority, 0, 1, h2::number(0, 4) + "x");
  });
}

TEST_F(H2DefencesTest, StopsWindowUpdates) {
  expect_limit(1000, "window_update_flood", [](int) { return h2::window_update(0, 1); });
}

TEST_F(H2DefencesTest, StopsUpdatesOfStreamsThatAreGone) {
  server_.feed(h2::headers(next_stream(), h2::get()));
  server_.respond(server_.at(1), 200, true);
  server_.write();
  expect_limit(1000, "window_update_flood", [](int) { return h2::window_update(1, 1); });
}

TEST_F(H2DefencesTest, StopsAWindowThatOpensByteByByte) {
  server_.feed(h2::settings({{4, 0}}) + h2::headers(next_stream(), h2::get()));
  server_.respond(server_.at(1), 200, false);
  server_.send(server_.at(1), std::string(60'000, 'x'), true);
  server_.write();
  server_.log.clear();
  expect_limit(1000, "window_update_flood", [](int) { return h2::window_update(1, 1); });
}

TEST_F(H2DefencesTest, LetsAWindowOpenForEachPart) {
  server_.feed(h2::settings({{4, 0}}) + h2::headers(next_stream(), h2::get()));
  server_.respond(server_.at(1), 200, false);
  for (int i = 0; i < 5000 && server_.why.empty(); ++i) {
    server_.send(server_.at(1), "message", false);
    server_.feed(h2::window_update(1, 7) + h2::window_update(0, 7));
    server_.write();
  }
  EXPECT_EQ(server_.why, "");
  EXPECT_EQ(server_.at(1).stream->pending(), 0u);
}

TEST_F(H2DefencesTest, StopsFramesThatNobodyKnows) {
  expect_limit(1000, "unknown_frame_flood",
               [](int) { return h2::frame(static_cast<H2FrameType>(0xbe), 0, 0, "grease"); });
}

TEST_F(H2DefencesTest, StopsContinuations) {
  const auto with_continuations = [&](int count) {
    const std::uint32_t stream = next_stream();
    std::string bytes = h2::frame(H2FrameType::Headers, h2::kEnd, stream, h2::block(h2::get()));
    for (int i = 1; i <= count; ++i) {
      bytes += h2::frame(H2FrameType::Continuation, i == count ? h2::kEndHeaders : 0, stream);
    }
    return bytes;
  };
  server_.feed(with_continuations(8));
  EXPECT_EQ(server_.at(1).log, "head end\n");
  server_.feed(with_continuations(9));
  server_.write();
  EXPECT_EQ(server_.log, "failed continuation_flood enhance_your_calm\n");
}

TEST_F(H2DefencesTest, StopsContinuationsOfAStreamThatNobodyWants) {
  server_.refuse = true;
  std::string bytes = h2::frame(H2FrameType::Headers, 0, 1, h2::block(h2::get()));
  for (int i = 0; i < 9; ++i) bytes += h2::frame(H2FrameType::Continuation, 0, 1);
  server_.feed(bytes);
  EXPECT_EQ(server_.why, "continuation_flood");
}

TEST_F(H2DefencesTest, StopsHeaderBombs) {
  // One field of 4000 bytes in the table of HPACK, and then a byte for each of its copies.
  const std::string field =
      h2::number(0x40, 1) + h2::block({{"x", std::string(4000, 'x')}}).substr(1);
  server_.feed(h2::frame(H2FrameType::Headers, h2::kEnd | h2::kEndHeaders, 1,
                         h2::block(h2::get()) + field + std::string(200, '\xbe')));
  EXPECT_EQ(server_.at(1).log, "bad head_too_large\n");
  EXPECT_LT(server_.at(1).arena.bytes_held(), 128u * 1024);
  server_.feed(h2::frame(H2FrameType::Headers, h2::kEnd | h2::kEndHeaders, 3,
                         h2::block(h2::get()) + std::string(300, '\xbe')));
  server_.write();
  EXPECT_EQ(server_.log, "failed header_bomb enhance_your_calm\n");
}

TEST_F(H2DefencesTest, StopsQuestionsOfAPeerThatReadsNoAnswers) {
  H2Settings settings;
  settings.floods.pings = {.burst = 10'000, .per_second = 0};
  Peer server(H2Codec::Side::Server, settings);
  greet(server);
  for (int i = 0; i < 1000; ++i) server.feed(h2::ping());
  EXPECT_EQ(server.why, "");
  server.feed(h2::ping());
  server.write();
  EXPECT_EQ(server.log, "failed queue_full enhance_your_calm\n");
}

TEST_F(H2DefencesTest, StopsRefusalsThatNobodyReads) {
  // Nor does the client say that it knows of the limit.
  Peer server(H2Codec::Side::Server);
  server.feed(std::string(h2::kPreface) + h2::settings({}));
  for (int i = 0; i < 2000; ++i) server.feed(h2::headers(next_stream(), h2::get()));
  EXPECT_EQ(server.exchanges.size(), 100u);
  EXPECT_EQ(server.why, "queue_full");
}

TEST_F(H2DefencesTest, GuardsClientsToo) {
  Peer client(H2Codec::Side::Client);
  client.write();
  client.feed(h2::settings({}) + h2::settings_ack());
  for (int i = 0; i < 1000; ++i) {
    client.feed(h2::ping());
    client.write();
  }
  EXPECT_EQ(client.why, "");
  client.feed(h2::ping());
  EXPECT_EQ(client.why, "ping_flood");
}

}  // namespace
}  // namespace weir::http
