#pragma once

#include <cstdint>
#include <string>

namespace weir::server {

// What the admin page tells of one connection.
struct ConnectionRow {
  unsigned worker = 0;
  std::string listener;
  std::string chain;  // empty while accept filters look at it
  std::string peer;
  std::string client;  // differs from the peer behind a proxy that says so
  std::uint64_t age_ms = 0;
  std::uint64_t idle_ms = 0;  // since a byte moved
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint8_t paused = 0;           // reading from the client, as net::PauseReason
  std::uint8_t response_paused = 0;  // reading what is for the client
  bool draining = false;
};

}  // namespace weir::server
