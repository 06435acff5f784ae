#include "config/model/retry.h"

#include <algorithm>

namespace weir::config::model {

bool BackOff::check(const Node& node, Reading& reading) const {
  if (!max || *max >= base || !reading.sound({"base", "max"})) return true;
  return reading.error_below("max", node.find("max")->where(), "is shorter than base");
}

bool Retry::check(const Node& node, Reading& reading) const {
  const auto refused = std::find(when.begin(), when.end(), route::kRetryRefusedStream);
  if (refused != when.end()) {
    const Node& written = *node.find("when");
    const auto index = static_cast<std::size_t>(refused - when.begin());
    reading.warning_below("when",
                          written.is_list() ? written.items()[index].where() : written.where(),
                          "refused-stream never happens: endpoints are spoken to in HTTP/1");
  }
  if (!when.empty() || !statuses.empty() || !headers.empty() || reading.lacks_values()) return true;
  if (!reading.sound({"when", "statuses", "headers"})) return true;
  return reading.error(node, "retries nothing: write when, statuses or headers");
}

bool Retry::check_values(Reading& reading) const {
  return check_header_matches(headers, "headers", reading);
}

route::RetryPolicy Retry::compiled() const {
  route::RetryPolicy policy;
  for (const route::RetryWhen condition : when) policy.when |= condition;
  if (!statuses.empty()) policy.when |= route::kRetryStatus;
  policy.statuses = statuses;
  for (const route::NamedMatch& match : compiled_matches(headers, true)) {
    // A pattern that is none was reported when it was read.
    auto ready = route::HeaderMatch::compile(match);
    if (ready) policy.headers.push_back(std::move(*ready));
  }
  if (!policy.headers.empty()) policy.when |= route::kRetryHeaders;
  policy.attempts = attempts;
  policy.per_try_timeout = per_try_timeout.value_or(route::Milliseconds(0));
  policy.back_off_base = back_off.base;
  policy.back_off_max = back_off.max.value_or(back_off.base * 10);
  policy.retry_after_max = back_off.retry_after.value_or(route::Milliseconds(0));
  policy.unsafe = unsafe;
  return policy;
}

}  // namespace weir::config::model
