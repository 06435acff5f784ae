#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/filter/reason.h"
#include "core/http/message.h"
#include "core/http/method.h"
#include "core/route/route.h"

namespace weir::filters {

// How an attempt ended without an answer that the client should see.
struct AttemptFailure {
  filter::Reason why = filter::Reason::UpstreamReset;
  const http::Response* response = nullptr;  // with Reason::Ok: one that the rules name
  bool nothing_sent = false;                 // no byte of the request left
  bool nothing_received = false;             // no byte of a response came
  bool reused = false;                       // on a connection that had served others
};

// When a request may be sent again: always where nobody can have acted on it, otherwise as the
// policy of its route says and where acting twice does no harm.
class RetryRules {
 public:
  // Retries without configuration that one exchange may have: other endpoints for those that
  // cannot be reached, and a fresh connection for a pooled one that had closed.
  static constexpr std::uint32_t kMaxFree = 3;

  RetryRules(const route::RetryPolicy& policy, http::Method method)
      : policy_(policy), idempotent_(http::is_idempotent(method)) {}

  enum class Choice : std::uint8_t {
    No,
    Free,       // at once
    AsOrdered,  // by the policy: costs budget, waits
  };
  // `replayable`: the body is still there. `others`: an endpoint that was not tried may be picked.
  Choice choose(const AttemptFailure& failure, bool replayable, bool others) const;
  // Whether a request without a body could be sent again although it may have been acted on.
  bool idempotent() const { return idempotent_; }
  // Whether the policy speaks of such a response at all.
  bool names(const http::Response& response) const;

  // A retry was begun.
  void count(Choice choice) { ++(choice == Choice::Free ? free_ : ordered_); }
  // How long to wait before the next one by the policy; `random` is 32 random bits.
  std::uint32_t back_off_ms(std::uint32_t random) const;
  // The same after such a response at `unix_seconds`, whose Retry-After may ask for longer (RFC
  // 9110 section 10.2.3); nothing when that is longer than the policy waits.
  std::optional<std::uint32_t> back_off_ms(const http::Response& response,
                                           std::int64_t unix_seconds, std::uint32_t random) const;

 private:
  bool ordered(const AttemptFailure& failure) const;
  bool names_status(std::uint16_t status) const;
  bool names_grpc_status(std::string_view status) const;

  const route::RetryPolicy& policy_;
  bool idempotent_;
  std::uint32_t free_ = 0;
  std::uint32_t ordered_ = 0;
};

}  // namespace weir::filters
