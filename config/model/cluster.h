#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/map.h"
#include "config/schema.h"
#include "config/types/keepalive.h"
#include "config/types/network.h"
#include "core/upstream/cluster_spec.h"

namespace weir::upstream {

constexpr auto enum_names(ProxyProtocol) {
  using config::EnumName;
  return std::array{EnumName{"off", ProxyProtocol::None}, EnumName{"v1", ProxyProtocol::V1},
                    EnumName{"v2", ProxyProtocol::V2}};
}

constexpr auto enum_names(Starttls) {
  using config::EnumName;
  return std::array{EnumName{"off", Starttls::None}, EnumName{"postgres", Starttls::Postgres}};
}

constexpr auto enum_names(EndpointMode) {
  using config::EnumName;
  return std::array{EnumName{"up", EndpointMode::Up}, EnumName{"drain", EndpointMode::Drain},
                    EnumName{"down", EndpointMode::Down}};
}

}  // namespace weir::upstream

namespace weir::config {

// `web.internal:8080`.
template <>
struct Custom<upstream::DnsEndpoints> {
  static constexpr std::string_view word = "name and port";
  static constexpr std::string_view wanted = "a name and port such as web.internal:8080";
  static constexpr bool one_text = true;
  static bool read(const Node& node, upstream::DnsEndpoints& value, Reading& reading);
};

}  // namespace weir::config

namespace weir::config::model {

struct Endpoint {
  Located<net::Address> address;
  std::uint32_t weight = 1;
  std::uint32_t priority = 0;
  upstream::EndpointMode mode = upstream::EndpointMode::Up;
  Map<std::string> labels;
  Position where;

  static constexpr std::string_view type_name = "endpoint";
  static constexpr ShortForms short_forms{.scalar = "address"};
  static constexpr auto fields = std::tuple{
      field("address", &Endpoint::address, "address and port").required(),
      field("weight", &Endpoint::weight, "its share").range(1, 65535),
      field("priority", &Endpoint::priority, "the lowest that can be picked is used").at_most(127),
      field("mode", &Endpoint::mode,
            "drain: nothing new; down: and idle connections close; as `weir ctl endpoint`"),
      field("labels", &Endpoint::labels, "words about it")};

  bool check_values(Reading& reading) const {
    if (!address.value.is_ip() || address.value.port() != 0) return true;
    return reading.error_below("address", address.where, "nothing listens at port 0");
  }
};

struct Nothing {
  static constexpr auto fields = std::tuple<>{};
};

struct Balance {
  std::optional<Nothing> round_robin;

  static constexpr std::string_view type_name = "balance";
  static constexpr ShortForms short_forms{.choice = true};
  static constexpr auto fields = std::tuple{
      field("round_robin", &Balance::round_robin, "one after the other, by weight; the default")
          .one_of("policy")
          .usual()};
};

struct Limits {
  std::optional<std::uint32_t> connections{upstream::ClusterLimits{}.connections};
  std::optional<std::uint32_t> requests{upstream::ClusterLimits{}.requests};
  std::uint32_t queue = upstream::ClusterLimits{}.queue;
  Located<std::chrono::milliseconds> queue_timeout{upstream::ClusterLimits{}.queue_timeout, {}};

  static constexpr std::string_view type_name = "limits";
  static constexpr auto fields =
      std::tuple{field("connections", &Limits::connections, "open at once").at_least(1).or_off(),
                 field("requests", &Limits::requests, "under way at once").at_least(1).or_off(),
                 field("queue", &Limits::queue, "requests that wait when a limit is reached"),
                 field("queue_timeout", &Limits::queue_timeout, "how long they wait")
                     .range(std::chrono::milliseconds(1), std::chrono::hours(1))};

  bool check(const Node& node, Reading& reading) const;
};

struct EndpointLimits {
  std::optional<std::uint32_t> connections;
  std::optional<std::uint32_t> requests;

  static constexpr std::string_view type_name = "endpoint limits";
  static constexpr auto fields = std::tuple{
      field("connections", &EndpointLimits::connections, "open at once").at_least(1).or_off(),
      field("requests", &EndpointLimits::requests, "under way at once").at_least(1).or_off()};
};

struct RetryBudget {
  Percent percent{upstream::RetryBudget{}.percent};
  std::uint32_t least = upstream::RetryBudget{}.least;
  Position where;

  static constexpr std::string_view type_name = "retry budget";
  static constexpr ShortForms short_forms{.scalar = "percent"};
  static constexpr auto fields =
      std::tuple{field("percent", &RetryBudget::percent, "retries at once, of the active requests"),
                 field("least", &RetryBudget::least, "always allowed at once")};
};

// One entry of `clusters:`.
struct Cluster {
  std::vector<Endpoint> endpoints;
  std::optional<upstream::DnsEndpoints> dns;
  std::optional<Located<std::string>> srv;
  Balance balance;
  Limits limits;
  EndpointLimits endpoint_limits;
  RetryBudget retry_budget;
  Located<std::chrono::milliseconds> connect_timeout{upstream::ClusterSpec{}.connect_timeout, {}};
  std::optional<std::chrono::milliseconds> idle_timeout{upstream::ClusterSpec{}.idle_timeout};
  Keepalive keepalive;
  upstream::ProxyProtocol proxy_protocol = upstream::ProxyProtocol::None;
  upstream::Starttls upstream_starttls = upstream::Starttls::None;
  std::optional<std::uint64_t> max_requests_per_connection;
  Size max_response_head{http::H1Limits{}.head_bytes};
  std::uint32_t max_response_headers = static_cast<std::uint32_t>(http::H1Limits{}.fields);
  Position where;

  static constexpr std::string_view type_name = "cluster";
  static constexpr auto fields = std::tuple{
      field("endpoints", &Cluster::endpoints, "who answers")
          .keyed_by("address")
          .one_of("membership"),
      field("dns", &Cluster::dns,
            "the addresses of a name, at one port; asked again after their TTL, or 5s to 5m")
          .one_of("membership"),
      field("srv", &Cluster::srv, "the SRV records of a name").one_of("membership"),
      field("balance", &Cluster::balance, "which endpoint is next"),
      field("limits", &Cluster::limits, "of the whole cluster, counted over all workers"),
      field("endpoint_limits", &Cluster::endpoint_limits, "of each endpoint"),
      field("retry_budget", &Cluster::retry_budget, "how many retries may be under way"),
      field("connect_timeout", &Cluster::connect_timeout, "until a connection is there")
          .range(std::chrono::milliseconds(1), std::chrono::minutes(10)),
      field("idle_timeout", &Cluster::idle_timeout, "how long an unused connection is kept")
          .at_least(std::chrono::milliseconds(1))
          .or_off(),
      field("keepalive", &Cluster::keepalive, "TCP keepalive; off sends no probes"),
      field("proxy_protocol", &Cluster::proxy_protocol,
            "which PROXY header tells the endpoint who the client is"),
      field("upstream_starttls", &Cluster::upstream_starttls,
            "how tcp_proxy asks an endpoint to go on in TLS, for a client that has begun it"),
      field("max_requests_per_connection", &Cluster::max_requests_per_connection,
            "after which a connection is closed")
          .at_least(1)
          .or_off(),
      field("max_response_head", &Cluster::max_response_head, "bytes of a response head")
          .range(1_KiB, 1_MiB),
      field("max_response_headers", &Cluster::max_response_headers, "fields of a response head")
          .range(1, 10'000)};

  bool check(const Node& node, Reading& reading) const;
  upstream::ClusterSpec compiled(std::string name) const;
};

}  // namespace weir::config::model
