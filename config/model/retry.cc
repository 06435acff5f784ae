#include "config/model/retry.h"

namespace weir::config::model {

bool BackOff::check(const Node& node, Reading& reading) const {
  if (!max || *max >= base) return true;
  return reading.error_below("max", node.find("max")->where(), "is shorter than base");
}

bool Retry::check(const Node& node, Reading& reading) const {
  if (!when.empty() || !statuses.empty()) return true;
  return reading.error(node, "retries nothing: write when or statuses");
}

route::RetryPolicy Retry::compiled() const {
  route::RetryPolicy policy;
  for (const route::RetryWhen condition : when) policy.when |= condition;
  if (!statuses.empty()) policy.when |= route::kRetryStatus;
  policy.statuses = statuses;
  policy.attempts = attempts;
  policy.per_try_timeout = per_try_timeout.value_or(route::Milliseconds(0));
  policy.back_off_base = back_off.base;
  policy.back_off_max = back_off.max.value_or(back_off.base * 10);
  policy.unsafe = unsafe;
  return policy;
}

}  // namespace weir::config::model
