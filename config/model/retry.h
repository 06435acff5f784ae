#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "config/model/named_matches.h"
#include "config/schema.h"
#include "core/route/route.h"

namespace weir::route {

constexpr auto enum_names(RetryWhen) {
  using config::EnumName;
  return std::array{EnumName{"connect-failure", kRetryConnectFailure},
                    EnumName{"reset", kRetryReset},
                    EnumName{"reset-before-request", kRetryResetUnsent},
                    EnumName{"gateway-error", kRetryGatewayError},
                    EnumName{"5xx", kRetry5xx},
                    EnumName{"refused-stream", kRetryRefusedStream},
                    EnumName{"rate-limited", kRetryRateLimited},
                    EnumName{"conflict", kRetryConflict},
                    EnumName{"timeout", kRetryTimeout},
                    EnumName{"cancelled", kRetryGrpcCancelled},
                    EnumName{"deadline-exceeded", kRetryGrpcDeadlineExceeded},
                    EnumName{"internal", kRetryGrpcInternal},
                    EnumName{"resource-exhausted", kRetryGrpcResourceExhausted},
                    EnumName{"unavailable", kRetryGrpcUnavailable}};
}

}  // namespace weir::route

namespace weir::config::model {

struct BackOff {
  std::chrono::milliseconds base{route::RetryPolicy{}.back_off_base};
  std::optional<std::chrono::milliseconds> max;
  std::optional<std::chrono::milliseconds> retry_after;

  static constexpr std::string_view type_name = "back-off";
  static constexpr ShortForms short_forms{.scalar = "base"};
  static constexpr auto fields = std::tuple{
      field("base", &BackOff::base, "before the first retry; doubles from one to the next")
          .range(std::chrono::milliseconds(1), std::chrono::minutes(1)),
      field("max", &BackOff::max, "never longer than this; ten times `base` unless written")
          .range(std::chrono::milliseconds(1), std::chrono::minutes(10)),
      field("retry_after", &BackOff::retry_after,
            "a response's Retry-After is waited for up to this long; one that asks for more is "
            "passed on. Not regarded unless written")
          .range(std::chrono::seconds(1), std::chrono::minutes(5))
          .or_off()};

  bool check(const Node& node, Reading& reading) const;
};

// `retry:` of a route, beyond what is safe and done anyway.
struct Retry {
  std::vector<route::RetryWhen> when;
  std::vector<std::uint16_t> statuses;
  NamedMatches headers;
  std::uint32_t attempts = route::RetryPolicy{}.attempts;
  std::optional<std::chrono::milliseconds> per_try_timeout;
  BackOff back_off;
  bool unsafe = false;
  Position where;

  static constexpr std::string_view type_name = "retry";
  static constexpr auto fields = std::tuple{
      field("when", &Retry::when, "what is tried again").one_or_many().any_order(),
      field("statuses", &Retry::statuses, "statuses that are tried again")
          .range(400, 599)
          .one_or_many()
          .any_order(),
      field("headers", &Retry::headers, "header fields of responses that are tried again")
          .one_or_many()
          .any_order()
          .any_case(),
      field("attempts", &Retry::attempts, "how often, beyond the first time").range(1, 20),
      field("per_try_timeout", &Retry::per_try_timeout, "of each attempt to the response head")
          .at_least(std::chrono::milliseconds(1))
          .or_off(),
      field("back_off", &Retry::back_off, "how long to wait before each"),
      field("unsafe", &Retry::unsafe,
            "also methods that are not idempotent, where acting twice may do harm")};

  bool check(const Node& node, Reading& reading) const;
  bool check_values(Reading& reading) const;
  route::RetryPolicy compiled() const;
};

}  // namespace weir::config::model
