#pragma once

#include <cstddef>
#include <cstdint>

#include "core/http/h2_head_limits.h"

namespace weir::http {

// So many at once, and so many more per second.
struct H2Rate {
  std::uint32_t burst = 0;
  std::uint32_t per_second = 0;

  friend bool operator==(const H2Rate&, const H2Rate&) = default;
};

// How often a peer may do what costs more here than there; what is beyond ends the connection. Of
// one connection, whatever the streams.
struct H2FloodLimits {
  H2Rate resets = {1000, 33};           // RST_STREAM
  H2Rate provoked_resets = {1000, 33};  // by us, for what the peer did
  H2Rate pings = {1000, 100};           // one more for each DATA that it was sent
  H2Rate settings = {100, 10};
  H2Rate empty_data = {100, 10};  // DATA without data that does not end its stream
  H2Rate priorities = {1000, 100};
  H2Rate window_updates = {1000, 330};  // ten more for each DATA that it was sent
  H2Rate unknown_frames = {1000, 100};
  std::uint32_t continuations = 8;     // behind one HEADERS
  std::uint32_t queued_frames = 1000;  // waiting to be sent because the peer does not read

  friend bool operator==(const H2FloodLimits&, const H2FloodLimits&) = default;
};

// What one side of a connection announces and keeps to.
struct H2Settings {
  std::uint32_t max_streams = 100;                // that the peer opens, at once
  std::uint32_t stream_window = 64 * 1024;        // 1 to 2^31-1 bytes, as the next
  std::uint32_t connection_window = 1024 * 1024;  // at least 65535
  std::size_t stream_output = 64 * 1024;          // bytes of a stream that wait until it is full
  bool extended_connect = false;                  // servers: RFC 8441 is allowed
  H2HeadLimits head;
  H2FloodLimits floods;

  friend bool operator==(const H2Settings&, const H2Settings&) = default;
};

}  // namespace weir::http
