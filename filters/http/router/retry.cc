#include "filters/http/router/retry.h"

#include <algorithm>

namespace weir::filters {

using filter::Reason;

RetryRules::Choice RetryRules::choose(const AttemptFailure& failure, bool replayable,
                                      bool others) const {
  const bool no_connection =
      failure.why == Reason::ConnectFailed || failure.why == Reason::ConnectTimeout;
  const bool unseen = no_connection || failure.nothing_sent;
  if (!replayable) return Choice::No;
  if (free_ < kMaxFree) {
    // Another endpoint for one that cannot be reached; and the race with an idle connection that
    // its origin closes just then (RFC 9112 section 9.3.1).
    if (no_connection && others) return Choice::Free;
    if (failure.why == Reason::UpstreamReset && failure.nothing_sent) return Choice::Free;
    if (failure.why == Reason::UpstreamReset && failure.reused && failure.nothing_received &&
        idempotent_) {
      return Choice::Free;
    }
  }
  if (ordered_ >= policy_.attempts || !(unseen || idempotent_ || policy_.unsafe)) return Choice::No;
  return ordered(failure) ? Choice::AsOrdered : Choice::No;
}

bool RetryRules::ordered(const AttemptFailure& failure) const {
  const auto when = [this](std::uint32_t conditions) { return (policy_.when & conditions) != 0; };
  switch (failure.why) {
    case Reason::Ok:
      return names_status(failure.status);
    case Reason::ConnectFailed:
    case Reason::ConnectTimeout:
      return when(route::kRetryConnectFailure | route::kRetryGatewayError | route::kRetry5xx);
    case Reason::UpstreamReset:
      return when(route::kRetryReset | route::kRetry5xx);
    case Reason::UpstreamInvalid:
      return when(route::kRetryGatewayError | route::kRetry5xx);
    case Reason::UpstreamTimeout:
      return when(route::kRetryTimeout | route::kRetryGatewayError | route::kRetry5xx);
    default:
      return false;
  }
}

bool RetryRules::names_status(std::uint16_t status) const {
  const auto when = [this](route::RetryWhen condition) { return (policy_.when & condition) != 0; };
  if (when(route::kRetry5xx) && status >= 500) return true;
  if (when(route::kRetryGatewayError) && status >= 502 && status <= 504) return true;
  if (when(route::kRetryRateLimited) && status == 429) return true;
  if (when(route::kRetryConflict) && status == 409) return true;
  return when(route::kRetryStatus) && std::find(policy_.statuses.begin(), policy_.statuses.end(),
                                                status) != policy_.statuses.end();
}

// Doubles from retry to retry; half of it is chance, so that clients of one failure spread.
std::uint32_t RetryRules::back_off_ms(std::uint32_t random) const {
  const auto base = static_cast<std::uint64_t>(policy_.back_off_base.count());
  const auto most = static_cast<std::uint64_t>(policy_.back_off_max.count());
  const std::uint64_t full = std::min(base << std::min(ordered_, 16u), most);
  return static_cast<std::uint32_t>(full - random % (full / 2 + 1));
}

}  // namespace weir::filters
