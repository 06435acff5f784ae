#pragma once

#include "core/filter/stream.h"

// What the source files of Stream share; nobody else includes it.
namespace weir::filter {

// Counts a call at a wrong moment; always false, to be returned.
bool violation();

// Every call from outside the stream is an Entry. What hooks queue (resumes, replies) runs when
// the outermost returns, so that no hook is ever entered from within another.
struct Stream::Entry {
  explicit Entry(Stream& s) : stream(s) { ++stream.depth_; }
  ~Entry() {
    if (stream.depth_ == 1) stream.run_queued();
    --stream.depth_;
  }
  Stream& stream;
};

template <>
inline Lane& Stream::lane<Stream::Direction::Request>() {
  return request_lane_;
}
template <>
inline Lane& Stream::lane<Stream::Direction::Response>() {
  return response_lane_;
}

template <Stream::Direction kDirection>
HttpContext* Stream::filter_at(std::uint32_t position) {
  if (position >= joined_count_) return nullptr;
  return joined_[kDirection == Direction::Request ? position : joined_count_ - 1 - position];
}

}  // namespace weir::filter
