#include "core/app/websocket_echo.h"

#include <algorithm>
#include <string>

namespace weir::app {
namespace {

enum Opcode : std::uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10
};

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::string_view kProtocolError{"\x88\x02\x03\xea", 4};  // close with code 1002

Opcode opcode_of(std::uint8_t first) {
  return static_cast<Opcode>(first & 0x0f);
}

bool is_control(Opcode opcode) {
  return (opcode & 8) != 0;
}

}  // namespace

std::size_t WebSocketEcho::header_size() const {
  if (header_filled_ < 2) return 2;
  const unsigned size = header_[1] & 0x7f;
  return (size == 126 ? 4u : size == 127 ? 10u : 2u) + 4u;
}

bool WebSocketEcho::next(Buffer& from, BlockPool& blocks, Buffer& to) {
  while (!from.empty()) {
    if (!in_payload_) {
      const auto byte = static_cast<std::uint8_t>(from.front()[0]);
      from.consume(1);
      if (!take_header(byte, blocks, to)) return false;
      continue;
    }
    const std::string_view run = from.front();
    std::string plain(run.substr(0, std::min<std::uint64_t>(left_, run.size())));
    const std::uint8_t* mask = header_.data() + header_size() - 4;
    for (char& byte : plain) byte = static_cast<char>(byte ^ mask[masked_++ & 3]);
    from.consume(plain.size());
    left_ -= plain.size();
    const Opcode opcode = opcode_of(header_[0]);
    if (opcode != kPong) to.append_copy(blocks, plain);
    if (left_ > 0) continue;
    in_payload_ = false;
    header_filled_ = 0;
    if (opcode == kClose) return false;
  }
  return true;
}

bool WebSocketEcho::take_header(std::uint8_t byte, BlockPool& blocks, Buffer& to) {
  header_[header_filled_++] = byte;
  if (header_filled_ < header_size()) return true;
  return begin_frame(blocks, to);
}

bool WebSocketEcho::begin_frame(BlockPool& blocks, Buffer& to) {
  const Opcode opcode = opcode_of(header_[0]);
  const std::size_t size_bytes = header_size() - 4;
  left_ = header_[1] & 0x7f;
  if (size_bytes > 2) {
    left_ = 0;
    for (std::size_t i = 2; i < size_bytes; ++i) left_ = left_ << 8 | header_[i];
  }
  const bool known = opcode <= kBinary || (opcode >= kClose && opcode <= kPong);
  const bool whole = left_ <= 125 && (header_[0] & kFinal) != 0;
  if ((header_[1] & kMasked) == 0 || (header_[0] & 0x70) != 0 || !known ||
      (is_control(opcode) && !whole)) {
    to.append(Slice::of_static(kProtocolError));
    return false;
  }
  if (opcode != kPong) {
    std::string head(reinterpret_cast<const char*>(header_.data()), size_bytes);
    if (opcode == kPing) head[0] = static_cast<char>(kFinal | kPong);
    head[1] = static_cast<char>(head[1] & 0x7f);
    to.append_copy(blocks, head);
  }
  masked_ = 0;
  in_payload_ = left_ > 0;
  if (in_payload_) return true;
  header_filled_ = 0;
  return opcode != kClose;
}

}  // namespace weir::app
