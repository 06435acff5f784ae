#include "filters/http/router/retry.h"

#include <gtest/gtest.h>

namespace weir::filters {
namespace {

using Choice = RetryRules::Choice;
using filter::Reason;

AttemptFailure reset(bool nothing_sent, bool nothing_received, bool reused) {
  return {Reason::UpstreamReset, nullptr, nothing_sent, nothing_received, reused};
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

struct Answer {
  Arena arena;
  http::Response response{arena};

  explicit Answer(int status) { response.status = static_cast<std::uint16_t>(status); }
  Answer& with(std::string_view name, std::string_view value) {
    response.headers.add(name, value);
    return *this;
  }
};

TEST(RetryRules, KnowTheStatusesOfEachCondition) {
  route::RetryPolicy policy;
  const auto statuses = [&policy](std::uint32_t when) {
    policy.when = when;
    const RetryRules rules(policy, http::Method::Get);
    std::string named;
    for (const int status : {200, 404, 409, 429, 500, 502, 504, 505}) {
      if (rules.names(Answer(status).response)) named += std::to_string(status) + " ";
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

TEST(RetryRules, KnowTheGrpcStatusesOfEachCondition) {
  route::RetryPolicy policy;
  const auto statuses = [&policy](std::uint32_t when) {
    policy.when = when;
    const RetryRules rules(policy, http::Method::Post);
    std::string named;
    for (int status = 0; status <= 16; ++status) {
      Answer answer(200);
      if (rules.names(answer.with("grpc-status", std::to_string(status)).response)) {
        named += std::to_string(status) + " ";
      }
    }
    return named;
  };
  EXPECT_EQ(statuses(route::kRetryGrpcCancelled), "1 ");
  EXPECT_EQ(statuses(route::kRetryGrpcDeadlineExceeded), "4 ");
  EXPECT_EQ(statuses(route::kRetryGrpcResourceExhausted), "8 ");
  EXPECT_EQ(statuses(route::kRetryGrpcInternal | route::kRetryGrpcUnavailable), "13 14 ");
  EXPECT_EQ(statuses(route::kRetry5xx), "");
}

TEST(RetryRules, KnowTheHeadersOfResponses) {
  using Kind = route::TextMatch::Kind;
  route::RetryPolicy policy;
  policy.when = route::kRetryHeaders;
  for (const route::NamedMatch& match :
       {route::NamedMatch{"x-again", {{Kind::Exact, "yes", false}}},
        route::NamedMatch{"retry-after", {{Kind::Present, "", false}}}}) {
    policy.headers.push_back(route::HeaderMatch::compile(match).value());
  }
  const RetryRules rules(policy, http::Method::Get);
  EXPECT_TRUE(rules.names(Answer(200).with("x-again", "no").with("x-again", "yes").response));
  EXPECT_TRUE(rules.names(Answer(503).with("Retry-After", "1").response));
  EXPECT_FALSE(rules.names(Answer(503).with("x-again", "no").response));
}

TEST(RetryRules, TellAResetBeforeTheRequestFromOthers) {
  route::RetryPolicy policy;
  policy.when = route::kRetryResetUnsent;
  RetryRules rules(policy, http::Method::Post);
  for (std::uint32_t i = 0; i < RetryRules::kMaxFree; ++i) rules.count(Choice::Free);
  EXPECT_EQ(rules.choose(reset(true, true, false), true, true), Choice::AsOrdered);
  EXPECT_EQ(rules.choose(reset(false, true, false), true, true), Choice::No);
}

TEST(RetryRules, WaitAsLongAsAResponseAsksWithinBounds) {
  route::RetryPolicy policy;
  policy.when = route::kRetry5xx;
  const RetryRules careless(policy, http::Method::Get);
  EXPECT_EQ(careless.back_off_ms(Answer(503).with("retry-after", "7").response, 0, 0), 25u);
  policy.retry_after_max = route::Milliseconds(10'000);
  const RetryRules rules(policy, http::Method::Get);
  const auto wait = [&rules](std::string_view value) {
    return rules.back_off_ms(Answer(503).with("retry-after", value).response, 784'111'777, 0);
  };
  EXPECT_EQ(wait("7"), 7'025u);
  EXPECT_EQ(wait("10"), 10'025u);
  EXPECT_EQ(wait("11"), std::nullopt);
  EXPECT_EQ(wait("99999999999999999999"), std::nullopt);
  EXPECT_EQ(wait("Sun, 06 Nov 1994 08:49:40 GMT"), 3'025u);
  EXPECT_EQ(wait("soon"), 25u);
  EXPECT_EQ(rules.back_off_ms(Answer(503).response, 0, 0), 25u);
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
