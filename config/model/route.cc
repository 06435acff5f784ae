#include "config/model/route.h"

#include <array>
#include <utility>

#include "core/http/chars.h"

namespace weir::config::model {

namespace {

// What only means something for a request that goes to a cluster.
constexpr std::array<std::string_view, 7> kForClusters = {
    "rewrite", "request_headers", "mirror", "timeout", "total_timeout", "retry", "upgrade"};

bool check_upgrades(const Route& route, const Node& node, Reading& reading) {
  bool ok = true;
  for (const std::string& protocol : route.upgrade) {
    if (protocol == "off" ? route.upgrade.size() == 1 : http::is_token(protocol)) continue;
    ok = reading.error_below(
        "upgrade", node.find("upgrade")->where(),
        protocol == "off" ? "off stands alone" : "'" + protocol + "' is no protocol to upgrade to");
  }
  return ok;
}

}  // namespace

bool Respond::check_values(Reading& reading) const {
  const auto step = reading.enter("headers");
  bool ok = true;
  for (const auto& entry : headers) {
    const auto inner = reading.enter(entry.name);
    if (!check_header_name(entry.name, entry.where, reading)) ok = false;
    const std::string name = lower_case(entry.name);
    if (name == "content-length" || name == "transfer-encoding" || name == "connection") {
      ok = reading.error(entry.where, "'" + name + "' is Weir's own: it follows from the body");
    }
  }
  return ok;
}

std::optional<route::Respond> Respond::compiled(Reading& reading) const {
  route::Respond answer;
  answer.status = status;
  bool has_type = false;
  for (const auto& entry : headers) {
    answer.headers.emplace_back(lower_case(entry.name), entry.value);
    has_type = has_type || answer.headers.back().first == "content-type";
  }
  if (!body) return answer;
  const auto step = reading.enter("body");
  if (status == 204 || status == 304) {
    reading.error(body->where, "is never sent: " + std::to_string(status) + " has no body");
    return std::nullopt;
  }
  auto text = body->load(reading);
  if (!text) return std::nullopt;
  answer.body = *std::move(text);
  if (!has_type && !body->content_type().empty()) {
    auto type = route::Template::parse(body->content_type());
    answer.headers.emplace_back("content-type", std::move(type).value());
  }
  return answer;
}

bool Rewrite::check(const Node& node, Reading& reading) const {
  if (regex && !substitution) {
    return reading.error_below("substitution", node.where(), "missing and required with regex");
  }
  if (substitution && !regex) {
    return reading.error_below("substitution", substitution->where, "means nothing without regex");
  }
  if (prefix || regex || host) return true;
  return reading.error(node, "rewrites nothing: write prefix, regex or host");
}

bool Route::check(const Node& node, Reading& reading) const {
  bool ok = check_upgrades(*this, node, reading);
  if (cluster) return ok;
  for (const std::string_view key : kForClusters) {
    const NodeEntry* entry = node.entry(key);
    if (entry == nullptr) continue;
    ok = reading.error_below(
        key, entry->where,
        "is for routes to a cluster; this one " + std::string(redirect ? "redirects" : "responds"));
  }
  return ok;
}

}  // namespace weir::config::model
