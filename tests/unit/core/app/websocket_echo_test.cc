#include "core/app/websocket_echo.h"

#include <string>

#include <gtest/gtest.h>

namespace weir::app {
namespace {

std::string frame(std::uint8_t first, std::string payload) {
  std::string bytes(1, static_cast<char>(first));
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    bytes += '\xfe';
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size() & 0xff);
  }
  const std::string mask = "\x12\x34\x56\x78";
  for (std::size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return bytes + mask + payload;
}

// What comes back for `bytes` that arrive in pieces of `piece`; "!" behind it when it is over.
std::string echo(std::string_view bytes, std::size_t piece = 1'000'000) {
  BlockPool blocks;
  WebSocketEcho session;
  Buffer back;
  bool goes_on = true;
  for (std::size_t at = 0; at < bytes.size() && goes_on; at += piece) {
    Buffer data;
    data.append_copy(blocks, bytes.substr(at, piece));
    goes_on = session.next(data, blocks, back);
  }
  return back.to_string() + (goes_on ? "" : "!");
}

TEST(WebSocketEcho, SendsBackWhatItGetsWithoutTheMask) {
  EXPECT_EQ(echo(frame(0x81, "hello")), "\x81\x05hello");
  EXPECT_EQ(echo(frame(0x82, "")), std::string("\x82\x00", 2));
  EXPECT_EQ(echo(frame(0x01, "part") + frame(0x80, "rest")),
            std::string("\x01\x04part\x80\x04rest"));
}

TEST(WebSocketEcho, DoesTheSameHoweverTheBytesAreCut) {
  const std::string bytes = frame(0x82, std::string(300, 'x')) + frame(0x89, "ping") +
                            frame(0x81, "after") + frame(0x88, "\x03\xe8");
  const std::string whole = echo(bytes);
  for (std::size_t piece = 1; piece < 20; ++piece) EXPECT_EQ(echo(bytes, piece), whole);
}

TEST(WebSocketEcho, AnswersAPingAndIgnoresAPong) {
  EXPECT_EQ(echo(frame(0x89, "are you there")),
            "\x8a\x0d"
            "are you there");
  EXPECT_EQ(echo(frame(0x8a, "I am")), "");
}

TEST(WebSocketEcho, AnswersACloseAndEnds) {
  EXPECT_EQ(echo(frame(0x88, "\x03\xe8") + frame(0x81, "late")), "\x88\x02\x03\xe8!");
  EXPECT_EQ(echo(frame(0x88, "")), std::string("\x88\x00!", 3));
}

TEST(WebSocketEcho, EndsWhenTheClientBreaksTheProtocol) {
  const std::string error = "\x88\x02\x03\xea!";
  EXPECT_EQ(echo(std::string("\x81\x05hello\0\0\0\0", 11)), error);  // without a mask
  EXPECT_EQ(echo(frame(0xc1, "reserved bit")), error);
  EXPECT_EQ(echo(frame(0x83, "reserved opcode")), error);
  EXPECT_EQ(echo(frame(0x09, "a ping in parts")), error);
  EXPECT_EQ(echo(frame(0x89, std::string(126, 'x'))), error);
}

}  // namespace
}  // namespace weir::app
