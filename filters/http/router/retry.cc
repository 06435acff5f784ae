#include "filters/http/router/retry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/http/retry_after.h"

namespace weir::filters {
namespace {

// The numbers of the gRPC protocol.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 5> kGrpcStatuses{{
    {"1", route::kRetryGrpcCancelled},
    {"4", route::kRetryGrpcDeadlineExceeded},
    {"8", route::kRetryGrpcResourceExhausted},
    {"13", route::kRetryGrpcInternal},
    {"14", route::kRetryGrpcUnavailable},
}};
constexpr std::uint32_t kGrpc = [] {
  std::uint32_t all = 0;
  for (const auto& known : kGrpcStatuses) all |= known.second;
  return all;
}();

}  // namespace

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
      return names(*failure.response);
    case Reason::ConnectFailed:
    case Reason::ConnectTimeout:
    case Reason::StarttlsRefused:
      return when(route::kRetryConnectFailure | route::kRetryGatewayError | route::kRetry5xx);
    case Reason::UpstreamReset:
      return when(route::kRetryReset | route::kRetry5xx) ||
             (failure.nothing_sent && when(route::kRetryResetUnsent));
    case Reason::UpstreamInvalid:
      return when(route::kRetryGatewayError | route::kRetry5xx);
    case Reason::UpstreamTimeout:
      return when(route::kRetryTimeout | route::kRetryGatewayError | route::kRetry5xx);
    default:
      return false;
  }
}

bool RetryRules::names(const http::Response& response) const {
  if (policy_.when == 0) return false;
  if (names_status(response.status)) return true;
  if ((policy_.when & kGrpc) != 0) {
    const auto status = response.headers.get("grpc-status");
    if (status && names_grpc_status(*status)) return true;
  }
  return std::any_of(policy_.headers.begin(), policy_.headers.end(),
                     [&](const auto& match) { return match.matches(response.headers); });
}

bool RetryRules::names_grpc_status(std::string_view status) const {
  const auto named = std::find_if(kGrpcStatuses.begin(), kGrpcStatuses.end(),
                                  [status](const auto& known) { return known.first == status; });
  return named != kGrpcStatuses.end() && (policy_.when & named->second) != 0;
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

std::optional<std::uint32_t> RetryRules::back_off_ms(const http::Response& response,
                                                     std::int64_t unix_seconds,
                                                     std::uint32_t random) const {
  const std::uint32_t own = back_off_ms(random);
  const auto most = static_cast<std::uint64_t>(policy_.retry_after_max.count());
  const auto value = response.headers.get(http::HeaderId::RetryAfter);
  if (most == 0 || !value) return own;
  const auto asked = http::parse_retry_after(*value, unix_seconds);
  if (!asked) return own;
  if (*asked > most / 1000) return std::nullopt;
  // Those that are told the same moment spread behind it.
  return static_cast<std::uint32_t>(*asked * 1000) + own;
}

}  // namespace weir::filters
