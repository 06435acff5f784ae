#include "config/model/route.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/values.h"
#include "core/base/quote.h"
#include "core/http/chars.h"

namespace weir::config::model {

namespace {

// Silence ends what waits for a response head too, but where a request body moves meanwhile.
constexpr std::string_view kByIdle =
    "hardly has an effect: idle_timeout, which ends a wait in silence too,";
constexpr std::string_view kByTotal = "has no effect: total_timeout";

// Of `key`, if it was written: `by` is what keeps it from having an effect.
void warn_of_time(std::string_view key, const Node* written, std::string_view by,
                  Route::Duration limit, Reading& reading) {
  if (written == nullptr || !reading.sound({key})) return;
  reading.warning_below(key, written->where(), std::string(by) + " is " + show(limit));
}

bool check_upgrades(const Route& route, const Node& node, Reading& reading) {
  if (!reading.sound({"upgrade"})) return true;
  bool ok = true;
  for (const auto& protocol : route.upgrade) {
    const bool off = is_off(protocol.value);
    if (off ? route.upgrade.size() == 1 : http::is_token(protocol.value)) continue;
    ok = reading.error_below(
        "upgrade", node.find("upgrade")->where(),
        off ? "off stands alone"
            : reading.quoted(protocol.where, protocol.value) + " is no protocol to upgrade to");
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
      ok = reading.error(entry.where, quote(name) + " is Weir's own: it follows from the body");
    }
    ok = check_variables(entry.value, entry.where, kUnknownInAnswers, reading) && ok;
  }
  return ok;
}

bool Respond::check(const Node& node, Reading& reading) const {
  constexpr std::array<std::uint16_t, 5> kLeadElsewhere = {301, 302, 303, 307, 308};
  const bool leads =
      std::find(kLeadElsewhere.begin(), kLeadElsewhere.end(), status) != kLeadElsewhere.end();
  const bool has_location = std::any_of(headers.begin(), headers.end(), [](const auto& entry) {
    return lower_case(entry.name) == "location";
  });
  if (leads && !has_location && reading.sound({"headers"})) {
    reading.warning_below("status", node.find("status")->where(),
                          "leads nowhere without a location: write redirect: { status: " +
                              std::to_string(status) + ", … }");
  }
  if (!body || (status != 204 && status != 304)) return true;
  return reading.error_below("body", body->where,
                             "is never sent: " + std::to_string(status) + " has no body");
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
  auto text = body->load(reading);
  if (!text || !check_variables(*text, body->where, kUnknownInAnswers, reading)) {
    return std::nullopt;
  }
  answer.body = *std::move(text);
  if (!has_type && !body->content_type().empty()) {
    auto type = route::Template::parse(body->content_type());
    answer.headers.emplace_back("content-type", std::move(type).value());
  }
  return answer;
}

bool Rewrite::check_values(Reading& reading) const {
  const auto step = reading.enter("host");
  return !host || check_variables(host->value.text, host->where, kUnknownBeforeResponse, reading);
}

bool Rewrite::check(const Node& node, Reading& reading) const {
  if (regex && !substitution && reading.sound({"substitution"})) {
    return reading.error_below("substitution", node.where(), "missing and required with regex");
  }
  if (substitution && !regex && reading.sound({"regex"})) {
    return reading.error_below("substitution", substitution->where, "means nothing without regex");
  }
  if (!node.entries().empty()) return true;
  return reading.error(node, "rewrites nothing: write prefix, regex or host");
}

bool Route::check_values(Reading& reading) const {
  const auto step = reading.enter("request_headers");
  return !request_headers || request_headers->check_variables(kUnknownBeforeResponse, reading);
}

void Route::warn_of_times(const Node& node, Reading& reading) const {
  const auto warn_of = [&](std::string_view key, std::string_view by, Duration limit) {
    warn_of_time(key, node.find(key), by, limit, reading);
  };
  const bool sound = reading.sound({"idle_timeout", "total_timeout"});
  if (timeout && total_timeout && *timeout >= *total_timeout && reading.sound({"total_timeout"})) {
    warn_of("timeout", kByTotal, *total_timeout);
  } else if (sound && timeout && idle_timeout && *timeout > *idle_timeout) {
    warn_of("timeout", kByIdle, *idle_timeout);
  }
  if (sound && idle_timeout && total_timeout && *idle_timeout >= *total_timeout) {
    warn_of("idle_timeout", kByTotal, *total_timeout);
  }
  if (sound && !timeout && !idle_timeout && !total_timeout) {
    reading.warning_below("timeout", node.find("timeout")->where(),
                          "nothing ends an exchange that stands still: idle_timeout and "
                          "total_timeout are off too");
  }
}

// Of what there is for all attempts together.
void Route::warn_of_attempts(const Node& node, Reading& reading) const {
  if (!retry || !reading.sound({"timeout", "total_timeout"})) return;
  const bool by_total = total_timeout && (!timeout || *total_timeout < *timeout);
  const std::optional<Duration>& all = by_total ? total_timeout : timeout;
  const std::string limit = by_total ? "total_timeout" : "timeout of the route, retries included,";
  const bool idle_counts = idle_timeout && reading.sound({"idle_timeout"});
  const auto step = reading.enter("retry");
  const Node& written = *node.find("retry");
  const auto& attempt = retry->per_try_timeout;
  const Node* const attempt_at = written.find("per_try_timeout");
  if (attempt && all && *attempt >= *all) {
    warn_of_time("per_try_timeout", attempt_at, "has no effect: " + limit, *all, reading);
  } else if (attempt && idle_counts && *attempt > *idle_timeout) {
    warn_of_time("per_try_timeout", attempt_at, kByIdle, *idle_timeout, reading);
  }
  const Node* const waits = written.find("back_off");
  if (!all || retry->back_off.base < *all) return;
  warn_of_time("back_off", waits != nullptr && waits->is_map() ? waits->find("base") : waits,
               "hardly leaves time to try again: " + limit, *all, reading);
}

void Route::warn_of_retries(const Node& node, Reading& reading) const {
  // Nothing else is tried again with these, where the request was seen.
  constexpr auto kUnseen =
      route::kRetryConnectFailure | route::kRetryResetUnsent | route::kRetryRefusedStream;
  if (!retry || retry->unsafe || match.methods.empty()) return;
  const auto cannot_repeat = [](const Located<std::string>& method) {
    return method.value == "POST" || method.value == "PATCH";
  };
  const bool only_those = std::all_of(match.methods.begin(), match.methods.end(), cannot_repeat);
  const bool unseen_only = retry->statuses.empty() && retry->headers.empty() &&
                           std::all_of(retry->when.begin(), retry->when.end(),
                                       [](route::RetryWhen when) { return (when & kUnseen) != 0; });
  if (!only_those || unseen_only || !reading.sound({"match.methods", "retry"})) return;
  reading.warning_below("retry", node.find("retry")->where(),
                        match.methods.front().value +
                            " is tried again only when no endpoint has seen it: write unsafe: true "
                            "where acting twice does no harm");
}

bool Route::check(const Node& node, Reading& reading) const {
  bool ok = check_upgrades(*this, node, reading);
  if (cluster) {
    warn_of_times(node, reading);
    warn_of_attempts(node, reading);
    warn_of_retries(node, reading);
  }
  const bool answers = node.find("redirect") != nullptr || node.find("respond") != nullptr;
  if (cluster || !answers || !reading.sound({"cluster"})) return ok;
  for (const FieldInfo& field : type_info<Route>().structure()->fields) {
    const NodeEntry* entry = field.rules.goes_with == "cluster" ? node.entry(field.name) : nullptr;
    if (entry == nullptr) continue;
    ok = reading.error_below(
        field.name, entry->where,
        "is for routes to a cluster; this one " + std::string(redirect ? "redirects" : "responds"));
  }
  return ok;
}

}  // namespace weir::config::model
