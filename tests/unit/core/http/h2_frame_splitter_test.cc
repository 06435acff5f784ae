#include "core/http/h2_frame_splitter.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/core/http/h2_wire.h"

namespace weir::http {
namespace {

// The heads in `bytes`, given in pieces of `piece` bytes.
std::string heads_of(std::string_view bytes, std::size_t preface, std::size_t piece) {
  H2FrameSplitter splitter(preface);
  std::string text;
  std::size_t steps_size = 0;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::string_view part = bytes.substr(at, piece);
    while (!part.empty()) {
      const H2FrameSplitter::Step step = splitter.next(part);
      steps_size += step.size;
      part.remove_prefix(step.size);
      if (!step.begins) continue;
      const H2FrameHead& head = splitter.head();
      text += std::to_string(static_cast<int>(head.type)) + " " + std::to_string(head.flags) + " " +
              std::to_string(head.stream) + " " + std::to_string(head.length) + " " +
              std::to_string(head.parent) + "\n";
    }
  }
  EXPECT_EQ(steps_size, bytes.size());
  return text;
}

TEST(H2FrameSplitter, FindsEveryHeadHoweverTheBytesArrive) {
  const std::string bytes =
      std::string(h2::kPreface) + h2::settings({{3, 100}}) +
      h2::data(0x7fffffff, std::string(300, 'x'), h2::kEnd) +
      h2::frame(H2FrameType::Priority, 0, 5, h2::number(0x80000007, 4) + "x") +
      h2::frame(H2FrameType::Priority, 0, 5, "abc") + h2::data(1, "") + h2::ping();
  const std::string expected =
      "4 0 0 6 0\n"
      "0 1 2147483647 300 0\n"
      "2 0 5 5 7\n"
      "2 0 5 3 0\n"
      "0 0 1 0 0\n"
      "6 0 0 8 0\n";
  for (std::size_t piece = 1; piece < 40; ++piece) {
    EXPECT_EQ(heads_of(bytes, h2::kPreface.size(), piece), expected) << piece;
  }
  EXPECT_EQ(heads_of(bytes, h2::kPreface.size(), bytes.size()), expected);
}

}  // namespace
}  // namespace weir::http
