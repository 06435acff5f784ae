#include "filters/http/router/retry.h"

#include <gtest/gtest.h>

namespace weir::filters {
namespace {

using Choice = RetryRules::Choice;
using filter::Reason;

AttemptFailure reset(bool nothing_sent, bool nothing_received, bool reused) {
  return {Reason::UpstreamReset, 0, nothing_sent, nothing_received, reused};
}

TEST(RetryRules, AllowWithoutConfigurationOnlyWhatNobodyActedOn) {
  const route::RetryPolicy policy;
  const RetryRules get(policy, http::Method::Get);
  const RetryRules post(policy, http::Method::Post);
  EXPECT_EQ(post.choose(reset(true, true, true), true, false), Choice::Free);
  EXPECT_EQ(get.choose(reset(false, true, true), true, false), Choice::Free);
  EXPECT_EQ(get.choose(reset(false, true, false), true, false), Choice::No);
  EXPECT_EQ(get.choose(reset(false, false, true), true, false), Choice::No);
  EXPECT_EQ(post.choose(reset(false, true, true), true, false), Choice::No);
  EXPECT_EQ(get.choose(reset(false, true, true), false, false), Choice::No);
  EXPECT_EQ(post.choose({.why = Reason::ConnectFailed}, true, true), Choice::Free);
  EXPECT_EQ(post.choose({.why = Reason::ConnectFailed}, true, false), Choice::No);
}

TEST(RetryRules, BoundWhatIsFree) {
  const route::RetryPolicy policy;
  RetryRules rules(policy, http::Method::Get);
  for (std::uint32_t i = 0; i < RetryRules::kMaxFree; ++i) {
    EXPECT_EQ(rules.choose(reset(true, true, true), true, true), Choice::Free);
    rules.count(Choice::Free);
  }
  EXPECT_EQ(rules.choose(reset(true, true, true), true, true), Choice::No);
}

TEST(RetryRules, FollowThePolicyAsOftenAsItSays) {
  route::RetryPolicy policy;
  policy.when = route::kRetryReset;
  policy.attempts = 2;
  RetryRules rules(policy, http::Method::Get);
  const AttemptFailure failure = reset(false, false, false);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(rules.choose(failure, true, false), Choice::AsOrdered);
    rules.count(Choice::AsOrdered);
  }
  EXPECT_EQ(rules.choose(failure, true, false), Choice::No);
}

TEST(RetryRules, RepeatWhatIsNotIdempotentOnlyWhenNothingLeftOrUnsafeIsSaid) {
  route::RetryPolicy policy;
  policy.when = route::kRetry5xx | route::kRetryConnectFailure;
  const RetryRules careful(policy, http::Method::Post);
  EXPECT_EQ(careful.choose(reset(false, true, false), true, false), Choice::No);
  EXPECT_EQ(careful.choose({.why = Reason::ConnectFailed}, true, false), Choice::AsOrdered);
  policy.unsafe = true;
  EXPECT_EQ(RetryRules(policy, http::Method::Post).choose(reset(false, true, false), true, false),
            Choice::AsOrdered);
}

TEST(RetryRules, KnowTheStatusesOfEachCondition) {
  route::RetryPolicy policy;
  const auto statuses = [&policy](std::uint32_t when) {
    policy.when = when;
    const RetryRules rules(policy, http::Method::Get);
    std::string named;
    for (const int code : {200, 404, 409, 429, 500, 502, 504, 505}) {
      const auto status = static_cast<std::uint16_t>(code);
      if (rules.names_status(status)) named += std::to_string(status) + " ";
    }
    return named;
  };
  EXPECT_EQ(statuses(0), "");
  EXPECT_EQ(statuses(route::kRetryGatewayError), "502 504 ");
  EXPECT_EQ(statuses(route::kRetry5xx), "500 502 504 505 ");
  EXPECT_EQ(statuses(route::kRetryRateLimited | route::kRetryConflict), "409 429 ");
  policy.statuses = {404};
  EXPECT_EQ(statuses(route::kRetryStatus), "404 ");
}

TEST(RetryRules, WaitLongerFromRetryToRetryWithinBounds) {
  route::RetryPolicy policy;
  policy.when = route::kRetry5xx;
  policy.attempts = 100;
  RetryRules rules(policy, http::Method::Get);
  const std::uint32_t most[] = {25, 50, 100, 200, 250, 250};
  for (const std::uint32_t full : most) {
    EXPECT_EQ(rules.back_off_ms(0), full);
    for (const std::uint32_t random : {1u, 77u, 12345u, UINT32_MAX}) {
      EXPECT_GE(rules.back_off_ms(random), full / 2);
      EXPECT_LE(rules.back_off_ms(random), full);
    }
    rules.count(Choice::AsOrdered);
  }
}

}  // namespace
}  // namespace weir::filters
