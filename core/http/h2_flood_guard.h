#pragma once

#include <cstdint>

#include "core/http/h2_failure.h"
#include "core/http/h2_frame_splitter.h"
#include "core/http/h2_settings.h"

namespace weir::http {

// What is left of an H2Rate. The clock is the caller's, in milliseconds, and never goes back.
class H2Allowance {
 public:
  explicit H2Allowance(H2Rate rate) : rate_(rate), left_(rate.burst * kOne) {}

  // Takes one; false when there is none.
  bool take(std::uint64_t now_ms);
  void earn(std::uint32_t more);

 private:
  static constexpr std::uint64_t kOne = 1000;

  void add(std::uint64_t thousandths);

  H2Rate rate_;
  std::uint64_t left_;  // in thousandths
  std::uint64_t last_ms_ = 0;
};

// Counts what a peer does in one connection, against H2FloodLimits. Each returns null, or why the
// connection has to end.
class H2FloodGuard {
 public:
  explicit H2FloodGuard(const H2FloodLimits& limits);

  // A frame of the peer begins.
  const H2Failure* on_frame(const H2FrameHead& head, std::uint64_t now_ms);
  // A DATA frame had nothing but padding, and does not end its stream.
  const H2Failure* on_empty_data(std::uint64_t now_ms);
  // A stream is reset for what the peer did.
  const H2Failure* on_provoked_reset(std::uint64_t now_ms);
  // The peer was sent a DATA frame of some size, which is a reason for some of its frames.
  void on_data_sent();

 private:
  H2Allowance resets_;
  H2Allowance provoked_resets_;
  H2Allowance pings_;
  H2Allowance settings_;
  H2Allowance empty_data_;
  H2Allowance priorities_;
  H2Allowance window_updates_;
  H2Allowance unknown_frames_;
  std::uint32_t max_continuations_;
  std::uint32_t continuations_ = 0;
};

}  // namespace weir::http
