#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/h2_error.h"
#include "core/http/h2_frame_splitter.h"
#include "tests/unit/core/http/h2_fields.h"

// Frames of HTTP/2 made and read by hand, so that they may be wrong.
namespace weir::http::h2 {

inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
inline constexpr std::uint8_t kNone = 0;
inline constexpr std::uint8_t kAck = 1;
inline constexpr std::uint8_t kEnd = 1;
inline constexpr std::uint8_t kEndHeaders = 4;
inline constexpr std::uint8_t kPadded = 8;
inline constexpr std::uint8_t kWithPriority = 0x20;

inline std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

inline std::string frame(H2FrameType type, std::uint8_t flags, std::uint32_t stream,
                         const std::string& payload = "") {
  return number(payload.size(), 3) + number(static_cast<std::uint8_t>(type), 1) + number(flags, 1) +
         number(stream, 4) + payload;
}

// A header block without compression: every field a literal that is not indexed.
inline std::string block(const Fields& fields) {
  const auto text = [](const std::string& part) {
    if (part.size() < 127) return number(part.size(), 1) + part;
    std::string size = number(127, 1);
    std::size_t rest = part.size() - 127;
    for (; rest >= 128; rest /= 128) size += number(rest % 128 + 128, 1);
    return size + number(rest, 1) + part;
  };
  std::string bytes;
  for (const auto& [name, value] : fields) bytes += number(0, 1) + text(name) + text(value);
  return bytes;
}

inline std::string headers(std::uint32_t stream, const Fields& fields, std::uint8_t flags = kEnd) {
  return frame(H2FrameType::Headers, flags | kEndHeaders, stream, block(fields));
}
inline std::string data(std::uint32_t stream, const std::string& bytes, std::uint8_t flags = 0) {
  return frame(H2FrameType::Data, flags, stream, bytes);
}
inline std::string settings(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& entries) {
  std::string payload;
  for (const auto& [id, value] : entries) payload += number(id, 2) + number(value, 4);
  return frame(H2FrameType::Settings, kNone, 0, payload);
}
inline std::string settings_ack() {
  return frame(H2FrameType::Settings, kAck, 0);
}
inline std::string reset(std::uint32_t stream, H2Error code) {
  return frame(H2FrameType::RstStream, kNone, stream, number(static_cast<std::uint32_t>(code), 4));
}
inline std::string goaway(std::uint32_t last, H2Error code) {
  return frame(H2FrameType::GoAway, kNone, 0,
               number(last, 4) + number(static_cast<std::uint32_t>(code), 4));
}
inline std::string window_update(std::uint32_t stream, std::uint32_t more) {
  return frame(H2FrameType::WindowUpdate, kNone, stream, number(more, 4));
}
inline std::string ping(std::uint8_t flags = kNone) {
  return frame(H2FrameType::Ping, flags, 0, "12345678");
}
inline std::string priority_update(std::uint32_t stream, const std::string& value) {
  return frame(H2FrameType::PriorityUpdate, kNone, 0, number(stream, 4) + value);
}

inline Fields get(const Fields& more = {}) {
  Fields fields = {{":method", "GET"}, {":scheme", "http"}, {":authority", "a"}, {":path", "/"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

inline std::uint32_t read_number(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

struct Frame {
  H2FrameHead head;
  std::string payload;
};

// `bytes` are whole frames, behind the preface of a client or not.
inline std::vector<Frame> frames_in(std::string_view bytes) {
  if (bytes.starts_with(kPreface)) bytes.remove_prefix(kPreface.size());
  std::vector<Frame> frames;
  H2FrameSplitter splitter(0);
  while (!bytes.empty()) {
    const H2FrameSplitter::Step step = splitter.next(bytes);
    frames.push_back({splitter.head(), std::string(bytes.substr(9, step.size - 9))});
    bytes.remove_prefix(step.size);
  }
  return frames;
}

// One line for each frame, such as "DATA 1 END 5" or "RST_STREAM 1 cancel".
inline std::string text_of(const Frame& frame) {
  static constexpr std::string_view kNames[] = {
      "DATA",         "HEADERS", "PRIORITY", "RST_STREAM",    "SETTINGS",
      "PUSH_PROMISE", "PING",    "GOAWAY",   "WINDOW_UPDATE", "CONTINUATION"};
  const auto error = [&frame](std::size_t at) {
    const std::uint32_t code = read_number(std::string_view(frame.payload).substr(at, 4));
    return std::string(h2_error_word(static_cast<H2Error>(code)));
  };
  std::string text(kNames[static_cast<std::size_t>(frame.head.type)]);
  text += " " + std::to_string(frame.head.stream);
  const bool flagged = (frame.head.flags & 1) != 0;
  switch (frame.head.type) {
    case H2FrameType::Data:
      return text + (flagged ? " END " : " ") + std::to_string(frame.head.length);
    case H2FrameType::Headers:
      return text + (flagged ? " END" : "");
    case H2FrameType::RstStream:
      return text + " " + error(0);
    case H2FrameType::GoAway:
      return text + " " + std::to_string(read_number(frame.payload.substr(0, 4))) + " " + error(4);
    case H2FrameType::WindowUpdate:
      return text + " " + std::to_string(read_number(frame.payload));
    default:
      return text + (flagged ? " ACK" : "");
  }
}

inline std::string text_of_frames(std::string_view bytes) {
  std::string text;
  for (const Frame& frame : frames_in(bytes)) text += text_of(frame) + "\n";
  return text;
}

}  // namespace weir::http::h2
