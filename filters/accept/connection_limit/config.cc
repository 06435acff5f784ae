#include <optional>
#include <tuple>

#include "config/schema.h"
#include "config/values.h"
#include "core/filter/registry.h"
#include "filters/accept/connection_limit/connection_limit.h"

namespace weir::filters {
namespace {

struct ClientIp {
  std::uint8_t prefix = ConnectionLimitSettings{}.prefix_v6;
  std::uint8_t prefix_v4 = ConnectionLimitSettings{}.prefix_v4;

  static constexpr std::string_view type_name = "client_ip";
  static constexpr auto fields = std::tuple{
      config::field("prefix", &ClientIp::prefix, "leading bits of an IPv6 address").range(1, 128),
      config::field("prefix_v4", &ClientIp::prefix_v4, "leading bits of an IPv4 address")
          .range(1, 32)};
};

struct Nothing {
  static constexpr auto fields = std::tuple<>{};
};

struct Key {
  std::optional<ClientIp> client_ip;
  std::optional<Nothing> all;

  static constexpr std::string_view type_name = "key";
  static constexpr config::ShortForms short_forms{.choice = true};
  static constexpr auto fields =
      std::tuple{config::field("client_ip", &Key::client_ip, "each client by itself").one_of("key"),
                 config::field("all", &Key::all, "all clients together").one_of("key")};
};

struct Settings {
  std::optional<Key> key;
  std::optional<std::uint32_t> open;
  std::optional<config::Rate> rate;
  std::optional<std::uint32_t> burst;

  static constexpr std::string_view type_name = "connection_limit";
  static constexpr auto fields = std::tuple{
      config::field("key", &Settings::key, "what is counted: client_ip, the default, or all"),
      config::field("open", &Settings::open, "connections at once").at_least(1),
      config::field("rate", &Settings::rate, "new connections"),
      config::field("burst", &Settings::burst,
                    "so many at once above the rate; one second's worth "
                    "unless written")
          .at_least(1)};

  bool check(const config::Node& node, config::Reading& reading) const {
    if (!reading.sound({"open", "rate"})) return true;
    if (!open && !rate) return reading.error(node, "limits nothing: write open or rate");
    if (!burst || rate) return true;
    return reading.error_below("burst", node.entry("burst")->where, "means nothing without rate");
  }
};

std::unique_ptr<filter::AcceptFilterFactory> make(const config::Node& node,
                                                  config::Reading& reading,
                                                  const StateScope& states) {
  Settings settings;
  if (!config::read(node, settings, reading)) return nullptr;
  ConnectionLimitSettings limit;
  limit.by_client = !settings.key || !settings.key->all;
  if (settings.key && settings.key->client_ip) {
    limit.prefix_v4 = settings.key->client_ip->prefix_v4;
    limit.prefix_v6 = settings.key->client_ip->prefix;
  }
  limit.open = settings.open.value_or(0);
  limit.rate = settings.rate ? settings.rate->per_second() : 0;
  limit.burst = settings.burst.value_or(0);
  return make_connection_limit(limit, states);
}

std::string risk_of(const config::Node& node, const filter::FilterType::Listener& listener) {
  const config::Node* const written = node.find("open");
  const auto open = config::parse_integer(written == nullptr ? "" : written->text());
  if (!open || static_cast<std::uint64_t>(*open) <= listener.connections) return {};
  return "open has no effect: the listener has at most " + std::to_string(listener.connections) +
         " connections (max_connections" + listener.connections_place + ')';
}

}  // namespace

filter::FilterType connection_limit_type() {
  return {.name = "connection_limit",
          .doc = "closes connections above a number or a rate, by client or all together",
          .settings = &config::type_info<Settings>,
          .make_accept = &make,
          .risk = &risk_of};
}

}  // namespace weir::filters
