#include "core/http/h2_frame_splitter.h"

#include <algorithm>
#include <cstring>

namespace weir::http {
namespace {

constexpr std::uint32_t kPriorityLength = 5;

std::uint32_t stream_number(const unsigned char* from) {
  return (std::uint32_t{from[0]} << 24 | std::uint32_t{from[1]} << 16 |
          std::uint32_t{from[2]} << 8 | from[3]) &
         0x7fffffff;
}

}  // namespace

void H2FrameSplitter::read_head() {
  head_.length = std::uint32_t{raw_[0]} << 16 | std::uint32_t{raw_[1]} << 8 | raw_[2];
  head_.type = static_cast<H2FrameType>(raw_[3]);
  head_.flags = raw_[4];
  head_.stream = stream_number(&raw_[5]);
  head_.parent = 0;
}

H2FrameSplitter::Step H2FrameSplitter::next(std::string_view bytes) {
  Step step;
  if (skip_ == 0) {
    const auto take = [&] {
      const std::size_t part = std::min(need_ - have_, bytes.size() - step.size);
      std::memcpy(raw_.data() + have_, bytes.data() + step.size, part);
      have_ += part;
      step.size += part;
      return have_ == need_;
    };
    if (!take()) return step;
    if (need_ == kHeadSize) {
      read_head();
      if (head_.type == H2FrameType::Priority && head_.length == kPriorityLength) {
        need_ = raw_.size();
        if (!take()) return step;
      }
    }
    skip_ = head_.length;
    if (need_ == raw_.size()) {
      head_.parent = stream_number(&raw_[kHeadSize]);
      skip_ -= kParentSize;
    }
    step.begins = true;
    have_ = 0;
    need_ = kHeadSize;
  }
  const std::size_t part = std::min(skip_, bytes.size() - step.size);
  skip_ -= part;
  step.size += part;
  return step;
}

}  // namespace weir::http
