#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "config/bytes.h"
#include "config/schema.h"

// A configuration of listeners, routes and clusters in small, with every kind of declaration.
namespace weir::config::mini {

using namespace std::chrono_literals;

struct RateLimit {
  bool enabled = true;
  std::string key = "client_ip";
  std::optional<Rate> rate;
  std::uint32_t burst = 10;

  static constexpr std::string_view type_name = "rate_limit";
  static constexpr ShortForms short_forms{.off = "enabled"};
  static constexpr auto fields =
      std::tuple{field("enabled", &RateLimit::enabled, "whether it does anything"),
                 field("key", &RateLimit::key, "what is counted"),
                 field("rate", &RateLimit::rate, "how fast the bucket fills"),
                 field("burst", &RateLimit::burst, "how much it holds").at_least(1)};

  bool check(const Node& node, Reading& reading) const {
    if (!enabled || rate || !reading.sound({"enabled", "rate"})) return true;
    return reading.error(node, "a rate is needed while it is enabled");
  }
};

struct Http {
  Size max_request_head = 60_KiB;
  std::vector<std::string> trusted_proxies;

  static constexpr std::string_view type_name = "http";
  static constexpr auto fields = std::tuple{
      field("max_request_head", &Http::max_request_head, "the longest head").range(1_KiB, 1_MiB),
      field("trusted_proxies", &Http::trusted_proxies, "whose headers are believed")
          .one_or_many()
          .set()};
};

struct Router {
  std::string routes;

  static constexpr std::string_view type_name = "router";
  static constexpr auto fields =
      std::tuple{field("routes", &Router::routes, "the list of routes").required()};
};

struct Plugin {
  std::string id;
  Node config;

  static constexpr std::string_view type_name = "plugin";
  static constexpr auto fields =
      std::tuple{field("id", &Plugin::id, "which filter").required(),
                 field("config", &Plugin::config, "what the plugin is given")};
};

struct Lua {
  std::string source;

  static constexpr std::string_view type_name = "lua";
  static constexpr auto fields =
      std::tuple{field("source", &Lua::source, "the script").verbatim().required()};
};

struct Filter {
  std::string name;
  std::optional<Http> http;
  std::optional<RateLimit> rate_limit;
  std::optional<Router> router;
  std::optional<Plugin> plugin;
  std::optional<Lua> lua;
  Position where;

  static constexpr std::string_view type_name = "filter";
  static constexpr ShortForms short_forms{.choice = true};
  static constexpr auto fields =
      std::tuple{field("name", &Filter::name, "its name in this list"),
                 field("http", &Filter::http, "HTTP").one_of("filter"),
                 field("rate_limit", &Filter::rate_limit, "a token bucket").one_of("filter"),
                 field("router", &Filter::router, "chooses a route").one_of("filter"),
                 field("plugin", &Filter::plugin, "a shared object").one_of("filter"),
                 field("lua", &Filter::lua, "a script").one_of("filter")};

  static std::string name_of(const Node& node) {
    return node.entries().size() == 1 ? node.entries().front().key : std::string();
  }
};

struct Listener {
  std::string address;
  std::vector<Filter> filters;
  Position where;

  static constexpr std::string_view type_name = "listener";
  static constexpr auto fields =
      std::tuple{field("address", &Listener::address, "host and port").required(),
                 field("filters", &Listener::filters, "one chain").keyed_by("name").required()};
};

struct Match {
  std::vector<std::string> host;
  std::string path;
  std::string prefix;
  Map<std::vector<std::string>> headers;
  std::unique_ptr<Match> inverse;

  static constexpr std::string_view type_name = "match";
  static constexpr auto fields = std::tuple{
      field("host", &Match::host, "one of these hosts").one_or_many().set(),
      field("path", &Match::path, "exactly this path").at_most_one_of("path"),
      field("prefix", &Match::prefix, "this beginning of the path").at_most_one_of("path"),
      field("headers", &Match::headers, "one of these values of each").one_or_many(),
      field("not", &Match::inverse, "and none of this")};
};

struct Respond {
  std::uint16_t status = 200;
  Bytes body;

  static constexpr std::string_view type_name = "respond";
  static constexpr auto fields =
      std::tuple{field("status", &Respond::status, "of the response").range(200, 599),
                 field("body", &Respond::body, "of the response")};
};

struct Mirror {
  std::string cluster;
  Percent percent{100};

  static constexpr std::string_view type_name = "mirror";
  static constexpr auto fields =
      std::tuple{field("cluster", &Mirror::cluster, "who gets the copies").required(),
                 field("percent", &Mirror::percent, "how many of the requests")};
};

struct Route {
  std::string name;
  Match match;
  std::optional<Located<std::string>> cluster;
  std::optional<std::string> redirect;
  std::optional<Respond> respond;
  std::chrono::milliseconds timeout{15s};
  std::optional<std::chrono::milliseconds> idle_timeout{5min};
  std::optional<std::chrono::milliseconds> total_timeout;
  std::optional<Mirror> mirror;
  std::vector<std::string> cookie_keys;
  std::optional<Bandwidth> bandwidth;
  Position where;

  static constexpr std::string_view type_name = "route";
  static constexpr auto fields = std::tuple{
      field("name", &Route::name, "by which it is known"),
      field("match", &Route::match, "which requests"),
      field("cluster", &Route::cluster, "the service that is asked").one_of("action"),
      field("redirect", &Route::redirect, "where the client is sent").one_of("action"),
      field("respond", &Route::respond, "an answer without a service").one_of("action"),
      field("timeout", &Route::timeout, "from the request to the response head").range(1ms, 1h),
      field("idle_timeout", &Route::idle_timeout, "without a byte").at_least(1ms).or_off(),
      field("total_timeout", &Route::total_timeout, "of the whole").or_off(),
      field("mirror", &Route::mirror, "copies of requests"),
      field("cookie_keys", &Route::cookie_keys, "that sign the cookie").secret(),
      field("bandwidth", &Route::bandwidth, "of the response").at_least(Bandwidth{1000})};
};

struct Endpoint {
  std::string address;
  std::uint32_t weight = 1;
  std::int32_t priority = 0;
  Map<std::string> labels;
  Position where;

  static constexpr std::string_view type_name = "endpoint";
  static constexpr ShortForms short_forms{.scalar = "address"};
  static constexpr auto fields =
      std::tuple{field("address", &Endpoint::address, "host and port").required(),
                 field("weight", &Endpoint::weight, "its share").range(0, 1000),
                 field("priority", &Endpoint::priority, "0 is asked first").at_least(0),
                 field("labels", &Endpoint::labels, "words about it")};
};

enum class Protocol { Auto, Http1, Http2 };

constexpr auto enum_names(Protocol) {
  return std::array{EnumName{"auto", Protocol::Auto}, EnumName{"http1", Protocol::Http1},
                    EnumName{"http2", Protocol::Http2}};
}

struct Maglev {
  std::string key;

  static constexpr auto fields =
      std::tuple{field("key", &Maglev::key, "what is hashed").required()};
};

struct Nothing {
  static constexpr auto fields = std::tuple<>{};
};

struct Balance {
  std::optional<Nothing> random;
  std::optional<Nothing> least_request;
  std::optional<Maglev> maglev;

  static constexpr std::string_view type_name = "balance";
  static constexpr ShortForms short_forms{.choice = true};
  static constexpr auto fields =
      std::tuple{field("random", &Balance::random, "any").one_of("policy"),
                 field("least_request", &Balance::least_request, "the least busy").one_of("policy"),
                 field("maglev", &Balance::maglev, "the same for a key").one_of("policy")};
};

struct Cluster {
  std::vector<Endpoint> endpoints;
  std::string dns;
  Balance balance;
  Protocol protocol = Protocol::Auto;
  std::chrono::milliseconds slow_start{0};

  static constexpr std::string_view type_name = "cluster";
  static constexpr auto fields =
      std::tuple{field("endpoints", &Cluster::endpoints, "who answers")
                     .keyed_by("address")
                     .one_of("membership"),
                 field("dns", &Cluster::dns, "a name and port").one_of("membership"),
                 field("balance", &Cluster::balance, "who is asked"),
                 field("protocol", &Cluster::protocol, "which HTTP"),
                 field("slow_start", &Cluster::slow_start, "until a new endpoint has its share")};
};

struct File {
  std::uint16_t workers = 0;
  bool freebind = false;
  Map<Listener> listeners;
  Map<std::vector<Route>> routes;
  Map<Cluster> clusters;

  static constexpr std::string_view type_name = "file";
  static constexpr auto fields = std::tuple{
      field("workers", &File::workers, "threads that serve; 0 is one a core").at_most(512),
      field("freebind", &File::freebind, "listen on addresses that are not here yet"),
      field("listeners", &File::listeners, "where connections come in"),
      field("routes", &File::routes, "lists of routes").keyed_by("name"),
      field("clusters", &File::clusters, "who is asked")};
};

}  // namespace weir::config::mini
