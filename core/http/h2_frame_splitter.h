#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::http {

enum class H2FrameType : std::uint8_t {
  Data = 0x0,
  Headers = 0x1,
  Priority = 0x2,
  RstStream = 0x3,
  Settings = 0x4,
  PushPromise = 0x5,
  Ping = 0x6,
  GoAway = 0x7,
  WindowUpdate = 0x8,
  Continuation = 0x9,
  PriorityUpdate = 0x10,
};

// What stands before the payload of a frame (RFC 9113 section 4.1).
struct H2FrameHead {
  static constexpr std::uint8_t kEndStream = 0x1;  // of Data and Headers

  std::uint32_t length = 0;
  H2FrameType type = H2FrameType::Data;  // or any other number
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::uint32_t parent = 0;  // of a Priority of five bytes: the stream that this one depends on
};

// Finds where frames begin and end in bytes that arrive in pieces. Looks into no payload but that
// of Priority, and takes every number as it comes.
class H2FrameSplitter {
 public:
  // `preface` bytes stand before the first frame.
  explicit H2FrameSplitter(std::size_t preface) : skip_(preface) {}

  struct Step {
    std::size_t size = 0;  // bytes that go together, at least one; never of two frames
    bool begins = false;   // head() is complete with them, and new
  };
  // The next step into `bytes`, which are not empty and begin where the last step ended.
  Step next(std::string_view bytes);

  const H2FrameHead& head() const { return head_; }

 private:
  static constexpr std::size_t kHeadSize = 9;
  static constexpr std::size_t kParentSize = 4;

  void read_head();

  std::size_t skip_;      // of the preface, or of the payload
  std::size_t have_ = 0;  // of raw_
  std::size_t need_ = kHeadSize;
  std::array<unsigned char, kHeadSize + kParentSize> raw_ = {};
  H2FrameHead head_;
};

}  // namespace weir::http
