#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/http/h1_limits.h"
#include "core/net/address.h"
#include "core/net/socket.h"

// What a configuration says about one cluster: plain values with their defaults.
namespace weir::upstream {

using Milliseconds = std::chrono::milliseconds;

inline constexpr std::uint32_t kNoLimit = UINT32_MAX;

// Whether an endpoint takes part.
enum class EndpointMode : std::uint8_t {
  Up,
  Drain,  // is not picked; what it has under way ends in peace
  Down,   // the same, and its idle connections close
};
inline std::string_view to_string(EndpointMode mode) {
  constexpr std::string_view kNames[] = {"up", "drain", "down"};
  return kNames[static_cast<std::size_t>(mode)];
}

struct EndpointSpec {
  net::Address address;
  std::uint32_t weight = 1;    // 1 to 65535
  std::uint32_t priority = 0;  // the lowest that can be picked is used
  EndpointMode mode = EndpointMode::Up;
  std::vector<std::pair<std::string, std::string>> labels;

  friend bool operator==(const EndpointSpec&, const EndpointSpec&) = default;
};

// `endpoints:`; each address once.
using StaticEndpoints = std::vector<EndpointSpec>;

// `dns:` the A and AAAA records of a name, at one port.
struct DnsEndpoints {
  std::string name;
  std::uint16_t port = 0;

  friend bool operator==(const DnsEndpoints&, const DnsEndpoints&) = default;
};

// `srv:` the SRV records of a name, with their ports, weights and priorities.
struct SrvEndpoints {
  std::string name;

  friend bool operator==(const SrvEndpoints&, const SrvEndpoints&) = default;
};

using Membership = std::variant<StaticEndpoints, DnsEndpoints, SrvEndpoints>;

// `balance:`
struct BalanceSpec {
  enum class Policy : std::uint8_t { RoundRobin };
  Policy policy = Policy::RoundRobin;

  friend bool operator==(const BalanceSpec&, const BalanceSpec&) = default;
};

// Counted over all workers.
struct ClusterLimits {
  std::uint32_t connections = 1024;
  std::uint32_t requests = 1024;
  std::uint32_t queue = 256;  // requests that wait for one of the above
  Milliseconds queue_timeout{1'000};

  friend bool operator==(const ClusterLimits&, const ClusterLimits&) = default;
};

// Of each endpoint, counted over all workers.
struct EndpointLimits {
  std::uint32_t connections = kNoLimit;
  std::uint32_t requests = kNoLimit;

  friend bool operator==(const EndpointLimits&, const EndpointLimits&) = default;
};

// Retries under way at once: a share of the active requests, but always `least`.
struct RetryBudget {
  double percent = 20;
  std::uint32_t least = 3;

  friend bool operator==(const RetryBudget&, const RetryBudget&) = default;
};

// What is sent first on each connection. With a header, a connection serves one client only.
enum class ProxyProtocol : std::uint8_t { None, V1, V2 };

// How endpoints are asked to go on in TLS, for clients that have begun it.
enum class Starttls : std::uint8_t { None, Postgres };

struct ClusterSpec {
  std::string name;
  Membership membership;
  BalanceSpec balance;
  Milliseconds connect_timeout{5'000};
  Milliseconds idle_timeout{60'000};  // of connections in the pool
  ClusterLimits limits;
  EndpointLimits endpoint_limits;
  RetryBudget retry_budget;
  net::ConnectOptions keepalive;  // of TCP
  ProxyProtocol proxy_protocol = ProxyProtocol::None;
  Starttls starttls = Starttls::None;
  std::uint64_t max_requests_per_connection = 0;  // 0 is any number
  http::H1Limits response_limits;                 // of response heads

  friend bool operator==(const ClusterSpec&, const ClusterSpec&) = default;
};

}  // namespace weir::upstream
