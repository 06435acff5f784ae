#include "config/model/cluster.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "config/types/parsed.h"
#include "core/base/quote.h"
#include "core/http/authority.h"

namespace weir::config {

namespace {

// A name that DNS can have: labels of letters, digits, `-` and `_`.
bool is_dns_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') return false;
    if (++label > 63) return false;
  }
  return label > 0;
}

Result<upstream::DnsEndpoints> parse_dns(std::string_view text) {
  const std::string quoted = quote(text);
  if (net::Address::parse(text)) {
    return config_error(quoted + " is an address and no name: write it under endpoints");
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return config_error(quoted + " has no port, as in web.internal:8080");
  const auto port = parse_integer(text.substr(colon + 1));
  if (!port || *port < 1 || *port > 65535) {
    return config_error(quoted + " has no port of 1 to 65535, as in web.internal:8080");
  }
  if (!is_dns_name(text.substr(0, colon))) return config_error(quoted + " is no name for DNS");
  return upstream::DnsEndpoints{std::string(text.substr(0, colon)),
                                static_cast<std::uint16_t>(*port)};
}

}  // namespace

bool Custom<upstream::DnsEndpoints>::read(const Node& node, upstream::DnsEndpoints& value,
                                          Reading& reading) {
  return read_parsed(node, value, reading, wanted, &parse_dns);
}

namespace model {

namespace {

// `one` is that of an endpoint, which is in `written`, and `all` that of the cluster.
void warn_of_limit(const std::string& key, const Node& written,
                   const std::optional<std::uint32_t>& one, const std::optional<std::uint32_t>& all,
                   Reading& reading) {
  const Node* value = written.find(key);
  if (value == nullptr || !one || !all || *one <= *all) return;
  if (!reading.sound({"endpoint_limits." + key, "limits." + key})) return;
  const auto step = reading.enter("endpoint_limits");
  reading.warning_below(
      key, value->where(),
      "has no effect: the cluster as a whole may have " + std::to_string(*all) + " (limits)");
}

// The same for addresses that lead to one place, however their paths are written.
std::string place_of(const net::Address& address) {
  if (address.family() != net::Address::Family::Unix) return address.to_string();
  return std::filesystem::path(address.unix_path()).lexically_normal().string();
}

}  // namespace

bool Limits::check(const Node& node, Reading& reading) const {
  if (!reading.sound({"connections", "requests", "queue"})) return true;
  const auto unlimited = !connections && !requests;
  const NodeEntry* queued = node.entry("queue");
  const NodeEntry* timed = node.entry("queue_timeout");
  if (unlimited && queued != nullptr && queue > 0) {
    return reading.error_below("queue", queued->where,
                               "nothing ever waits: connections and requests are both off");
  }
  if ((unlimited || queue == 0) && timed != nullptr) {
    return reading.error_below("queue_timeout", timed->where,
                               unlimited
                                   ? "nothing ever waits: connections and requests are both off"
                                   : "nothing ever waits: queue is 0");
  }
  return true;
}

bool Cluster::check(const Node& node, Reading& reading) const {
  bool ok = true;
  if (srv && !is_dns_name(srv->value) && reading.sound({"srv"})) {
    ok = reading.error_below("srv", srv->where,
                             reading.quoted(srv->where, srv->value) + " is no name for DNS");
  }
  std::unordered_map<std::string, Position> known;
  for (const Endpoint& one : endpoints) {
    if (!one.address.where.known() || reading.unread(one.address.where)) continue;
    const std::string address = one.address.value.to_string();
    const auto [first, is_new] = known.try_emplace(place_of(one.address.value), one.address.where);
    if (is_new) continue;
    ok = reading.error_below("endpoints", one.address.where,
                             address + " stands twice; the first is " +
                                 reading.named_place(first->second, one.address.where));
  }
  const Node* members = node.find("endpoints");
  if (members != nullptr && endpoints.empty() && !reading.lacks_values() &&
      reading.sound({"endpoints"})) {
    reading.warning_below("endpoints", members->where(),
                          "there are none: every request is answered 503");
  }
  const bool none_up = std::none_of(endpoints.begin(), endpoints.end(), [](const Endpoint& one) {
    return one.mode == upstream::EndpointMode::Up;
  });
  if (members != nullptr && !endpoints.empty() && none_up && !reading.lacks_values() &&
      reading.sound({"endpoints"})) {
    reading.warning_below("endpoints", members->where(),
                          "none of them is up: every request is answered 503");
  }
  const Node* written = node.find("endpoint_limits");
  if (written != nullptr) {
    warn_of_limit("connections", *written, endpoint_limits.connections, limits.connections,
                  reading);
    warn_of_limit("requests", *written, endpoint_limits.requests, limits.requests, reading);
  }
  return ok;
}

upstream::ClusterSpec Cluster::compiled(std::string name) const {
  upstream::ClusterSpec spec;
  spec.name = std::move(name);
  if (dns) {
    spec.membership = *dns;
  } else if (srv) {
    spec.membership = upstream::SrvEndpoints{srv->value};
  } else {
    upstream::StaticEndpoints members;
    for (const Endpoint& endpoint : endpoints) {
      upstream::EndpointSpec& member = members.emplace_back();
      member.address = endpoint.address.value;
      member.weight = endpoint.weight;
      member.priority = endpoint.priority;
      member.mode = endpoint.mode;
      for (const auto& label : endpoint.labels) member.labels.emplace_back(label.name, label.value);
    }
    spec.membership = std::move(members);
  }
  spec.connect_timeout = connect_timeout.value;
  spec.idle_timeout = idle_timeout.value_or(std::chrono::milliseconds(0));
  spec.limits.connections = limits.connections.value_or(upstream::kNoLimit);
  spec.limits.requests = limits.requests.value_or(upstream::kNoLimit);
  spec.limits.queue = limits.queue;
  spec.limits.queue_timeout = limits.queue_timeout.value;
  spec.endpoint_limits.connections = endpoint_limits.connections.value_or(upstream::kNoLimit);
  spec.endpoint_limits.requests = endpoint_limits.requests.value_or(upstream::kNoLimit);
  spec.retry_budget = {retry_budget.percent.value, retry_budget.least};
  spec.keepalive = keepalive.compiled();
  spec.proxy_protocol = proxy_protocol;
  spec.starttls = upstream_starttls;
  spec.max_requests_per_connection = max_requests_per_connection.value_or(0);
  spec.response_limits.head_bytes = static_cast<std::size_t>(max_response_head.bytes);
  spec.response_limits.fields = max_response_headers;
  return spec;
}

}  // namespace model

}  // namespace weir::config
