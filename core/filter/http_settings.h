#pragma once

#include <chrono>
#include <cstdint>

#include "core/filter/local_reply.h"
#include "core/http/path.h"
#include "core/net/cidr.h"

namespace weir::filter {

// Settings of the `http` item of a chain. A duration of zero is "none".
struct HttpSettings {
  using Milliseconds = std::chrono::milliseconds;

  std::uint32_t max_request_head = 60 * 1024;
  std::uint32_t max_request_line = 8 * 1024;
  std::uint32_t max_request_headers = 100;
  Milliseconds header_timeout{10'000};    // first byte of a head to its end
  Milliseconds connection_idle{300'000};  // between requests
  Milliseconds idle_timeout{300'000};     // of a stream: nothing moves in either direction
  std::uint64_t max_requests = 0;         // of a connection; 0 is any number
  bool normalize_path = true;
  http::PathOptions path;
  net::CidrSet trusted_proxies;   // whose X-Forwarded-* and X-Request-Id are believed
  bool forwarded_headers = true;  // sends X-Forwarded-For, -Proto and -Host upstream
  bool request_id = true;         // sends and returns X-Request-Id
  LocalReplies local_replies;
};

}  // namespace weir::filter
