#include "core/http/h2_flood_guard.h"

#include <algorithm>

namespace weir::http {

void H2Allowance::add(std::uint64_t thousandths) {
  left_ = std::min(left_ + thousandths, rate_.burst * kOne);
}

bool H2Allowance::take(std::uint64_t now_ms) {
  if (now_ms > last_ms_) {
    // Longer than it takes to be full again says no more.
    constexpr std::uint64_t kLong = 1'000'000'000;
    add(std::min(now_ms - last_ms_, kLong) * rate_.per_second);
    last_ms_ = now_ms;
  }
  if (left_ < kOne) return false;
  left_ -= kOne;
  return true;
}

void H2Allowance::earn(std::uint32_t more) {
  add(more * kOne);
}

H2FloodGuard::H2FloodGuard(const H2FloodLimits& limits)
    : resets_(limits.resets),
      provoked_resets_(limits.provoked_resets),
      pings_(limits.pings),
      settings_(limits.settings),
      empty_data_(limits.empty_data),
      priorities_(limits.priorities),
      window_updates_(limits.window_updates),
      unknown_frames_(limits.unknown_frames),
      max_continuations_(limits.continuations) {}

const H2Failure* H2FloodGuard::on_frame(const H2FrameHead& head, std::uint64_t now_ms) {
  const auto counted = [now_ms](H2Allowance& allowance, const H2Failure& failure) {
    return allowance.take(now_ms) ? nullptr : &failure;
  };
  switch (head.type) {
    case H2FrameType::Data:
      if (head.length > 0 || (head.flags & H2FrameHead::kEndStream) != 0) return nullptr;
      return on_empty_data(now_ms);
    case H2FrameType::Headers:
    case H2FrameType::PushPromise:
      continuations_ = 0;
      return nullptr;
    case H2FrameType::Continuation:
      return ++continuations_ > max_continuations_ ? &failures::kContinuationFlood : nullptr;
    case H2FrameType::Priority:
    case H2FrameType::PriorityUpdate:
      return counted(priorities_, failures::kPriorityFlood);
    case H2FrameType::RstStream:
      return counted(resets_, failures::kRapidReset);
    case H2FrameType::Settings:
      return counted(settings_, failures::kSettingsFlood);
    case H2FrameType::Ping:
      return counted(pings_, failures::kPingFlood);
    case H2FrameType::WindowUpdate:
      return counted(window_updates_, failures::kWindowUpdateFlood);
    case H2FrameType::GoAway:
      // Each is a step to the end; more than a few are as odd as what nobody knows.
      break;
  }
  return counted(unknown_frames_, failures::kUnknownFrameFlood);
}

const H2Failure* H2FloodGuard::on_empty_data(std::uint64_t now_ms) {
  return empty_data_.take(now_ms) ? nullptr : &failures::kEmptyDataFlood;
}

const H2Failure* H2FloodGuard::on_provoked_reset(std::uint64_t now_ms) {
  return provoked_resets_.take(now_ms) ? nullptr : &failures::kProvokedResets;
}

void H2FloodGuard::on_data_sent() {
  constexpr std::uint32_t kWindowUpdatesForData = 10;
  pings_.earn(1);
  window_updates_.earn(kWindowUpdatesForData);
}

}  // namespace weir::http
