#pragma once

#include <array>
#include <cstdint>

#include "core/base/buffer.h"

namespace weir::app {

// Turns the frames of a WebSocket client into the frames that send the same back: data as it is,
// pings as pongs, a close as a close (RFC 6455 section 5). Streams: a frame is never kept.
class WebSocketEcho {
 public:
  // Consumes all of `from`, appends to `to`. False when the echo is over: a close was answered, or
  // the client broke the protocol.
  bool next(Buffer& from, BlockPool& blocks, Buffer& to);

 private:
  bool take_header(std::uint8_t byte, BlockPool& blocks, Buffer& to);
  bool begin_frame(BlockPool& blocks, Buffer& to);
  std::size_t header_size() const;

  std::array<std::uint8_t, 14> header_{};
  std::size_t header_filled_ = 0;
  std::uint64_t left_ = 0;  // of the payload
  std::size_t masked_ = 0;  // bytes of it so far, modulo 4
  bool in_payload_ = false;
};

}  // namespace weir::app
