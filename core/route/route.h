#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/route/header_changes.h"
#include "core/route/header_match.h"
#include "core/route/match.h"
#include "core/route/path_rewrite.h"
#include "core/route/template.h"

namespace weir::route {

using Milliseconds = std::chrono::milliseconds;

struct WeightedCluster {
  std::string name;
  std::uint32_t weight = 1;
  std::uint32_t index = 0;  // of the cluster in the Snapshot; filled in when it is built
};

// `cluster:` one or several by weight; the choice follows the stream's random number.
struct ToCluster {
  std::vector<WeightedCluster> clusters;
  std::uint32_t total_weight = 1;
};

// `redirect:`: what is absent is kept from the request.
struct Redirect {
  std::uint16_t status = 308;
  std::optional<std::string> scheme;
  std::optional<Template> host;
  std::optional<std::uint16_t> port;
  std::optional<Template> path;        // the whole path
  std::optional<PathRewrite> rewrite;  // prefix or regex of it
  std::optional<Template> url;         // the whole Location
  bool strip_query = false;
};

struct Respond {
  std::uint16_t status = 200;
  std::vector<std::pair<std::string, Template>> headers;
  Template body;
};

enum RetryWhen : std::uint32_t {
  kRetryConnectFailure = 1u << 0,  // no connection could be made
  kRetryReset = 1u << 1,           // the connection ended before a response head
  kRetryGatewayError = 1u << 2,    // 502, 503, 504
  kRetry5xx = 1u << 3,             // any 5xx, or no response
  kRetryRefusedStream = 1u << 4,   // HTTP/2 says that it was not processed
  kRetryRateLimited = 1u << 5,     // 429
  kRetryConflict = 1u << 6,        // 409
  kRetryStatus = 1u << 7,          // those in `statuses`
  kRetryTimeout = 1u << 8,         // per_try_timeout ran out
  kRetryResetUnsent = 1u << 9,     // the connection ended before a byte of the request left
  kRetryHeaders = 1u << 10,        // a response with one of `headers`
  // By grpc-status in the response head.
  kRetryGrpcCancelled = 1u << 11,
  kRetryGrpcDeadlineExceeded = 1u << 12,
  kRetryGrpcInternal = 1u << 13,
  kRetryGrpcResourceExhausted = 1u << 14,
  kRetryGrpcUnavailable = 1u << 15,
};

struct RetryPolicy {
  std::uint32_t when = 0;
  std::vector<std::uint16_t> statuses;
  std::vector<HeaderMatch> headers;  // of the response
  std::uint32_t attempts = 1;        // beyond the first
  Milliseconds per_try_timeout{0};
  Milliseconds back_off_base{25};
  Milliseconds back_off_max{250};
  // Retry-After of a response is waited for up to this long; zero ignores it.
  Milliseconds retry_after_max{0};
  bool unsafe = false;  // also methods that are not idempotent
};

struct Mirror {
  std::string cluster;
  std::uint32_t cluster_index = 0;
  double percent = 100;
};

// One validated route. Immutable; used by all workers. A duration of zero is "none".
struct Route {
  std::string name;
  std::uint32_t index = 0;  // place in its table
  std::string where;        // `file:line:col` that it was written at; for explanations
  Match match;
  std::variant<ToCluster, Redirect, Respond> action;
  std::optional<PathRewrite> rewrite;
  std::optional<Template> rewrite_host;
  HeaderChanges request_headers;
  HeaderChanges response_headers;
  std::vector<Mirror> mirrors;
  Milliseconds timeout{15'000};  // request complete to response head, retries included
  Milliseconds idle_timeout{300'000};
  Milliseconds total_timeout{0};
  RetryPolicy retry;
  std::vector<std::string> upgrades{"websocket"};  // lower case; empty forbids
};

}  // namespace weir::route
