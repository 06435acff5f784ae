#include "core/base/buffer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <gtest/gtest.h>

namespace weir {
namespace {

std::size_t read_into(Buffer& buffer, BlockPool& pool, std::string_view bytes,
                      std::size_t least = 1) {
  iovec space[4];
  const std::size_t entries = buffer.reserve(pool, least, bytes.size(), space);
  std::size_t copied = 0;
  for (std::size_t i = 0; i < entries && copied < bytes.size(); ++i) {
    const std::size_t part = std::min(space[i].iov_len, bytes.size() - copied);
    std::memcpy(space[i].iov_base, bytes.data() + copied, part);
    copied += part;
  }
  buffer.commit(copied);
  return entries;
}

TEST(Buffer, GivesBackEveryBlockWhenItIsCleared) {
  BlockPool pool;
  Buffer buffer;
  buffer.append_copy(pool, std::string(100'000, 'x'));
  EXPECT_EQ(buffer.size(), 100'000u);
  EXPECT_GT(pool.bytes_in_use(), 0u);
  buffer.clear();
  EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(Buffer, ReadsOnInTheLastBlockSoThatAHeadStaysContiguous) {
  BlockPool pool;
  Buffer buffer;
  for (const char* part : {"GET ", "/ ", "HTTP/1.1"}) read_into(buffer, pool, part);
  EXPECT_EQ(buffer.front(), "GET / HTTP/1.1");
  EXPECT_EQ(buffer.slices().size(), 1u);
}

TEST(Buffer, TakesANewBlockWhenTheLastHasTooLittleRoom) {
  BlockPool pool;
  Buffer buffer;
  read_into(buffer, pool, std::string(BlockPool::kBlockSize - 10, 'a'));
  read_into(buffer, pool, "bcd", 512);
  EXPECT_EQ(buffer.slices().size(), 2u);
  EXPECT_EQ(buffer.size(), BlockPool::kBlockSize - 10 + 3);
}

TEST(Buffer, ReadsOverSeveralBlocksAtOnce) {
  BlockPool pool;
  Buffer buffer;
  const std::string bytes(3 * BlockPool::kBlockSize, 'z');
  EXPECT_EQ(read_into(buffer, pool, bytes), 3u);
  EXPECT_EQ(buffer.to_string(), bytes);
}

TEST(Buffer, ReturnsUnusedBlocksOfAReservation) {
  BlockPool pool;
  Buffer buffer;
  iovec space[4];
  EXPECT_EQ(buffer.reserve(pool, 1, 64 * 1024, space), 4u);
  buffer.commit(0);
  EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(Buffer, PullsUpWhatIsSplitAndLeavesTheRest) {
  BlockPool pool;
  Buffer buffer;
  Buffer other;
  buffer.append_copy(pool, "abc");
  other.append_copy(pool, "defg");
  buffer.append(other);
  EXPECT_EQ(buffer.pull_up(pool, 5).substr(0, 5), "abcde");
  EXPECT_EQ(buffer.to_string(), "abcdefg");
}

TEST(Buffer, PullsUpWhatComesInPiecesWithoutCopyingItAgainAndAgain) {
  constexpr std::size_t kMost = 1'000'000;
  BlockPool pool;
  Buffer buffer;
  std::size_t copied = 0;
  const char* at = nullptr;
  while (buffer.size() < kMost) {
    std::array<iovec, 1> space;
    buffer.reserve(pool, 1, 1, space);
    const std::size_t bytes = std::min({space[0].iov_len, kMost - buffer.size(), std::size_t{700}});
    std::memset(space[0].iov_base, 'x', bytes);
    buffer.commit(bytes);
    const std::string_view all = buffer.pull_up(pool, kMost);
    ASSERT_EQ(all.size(), buffer.size());
    if (all.data() != at) copied += all.size();
    at = all.data();
  }
  EXPECT_LT(copied, 2 * kMost);
}

TEST(Buffer, MovesAPartWithoutCopying) {
  BlockPool pool;
  Buffer buffer;
  buffer.append_copy(pool, "0123456789");
  const char* data = buffer.front().data();
  Buffer target;
  buffer.move_front(4, target);
  EXPECT_EQ(target.to_string(), "0123");
  EXPECT_EQ(buffer.to_string(), "456789");
  EXPECT_EQ(target.front().data(), data);
}

TEST(Buffer, ConsumesAcrossSlices) {
  BlockPool pool;
  Buffer buffer;
  buffer.append_copy(pool, "ab");
  buffer.append(Slice::of_static("cdef"));
  buffer.consume(3);
  EXPECT_EQ(buffer.to_string(), "def");
  buffer.consume(3);
  EXPECT_TRUE(buffer.empty());
}

TEST(Buffer, SharesBytesWithoutCopyingThem) {
  BlockPool pool;
  Buffer buffer;
  buffer.append_copy(pool, "body");
  Buffer copy = buffer.share();
  buffer.clear();
  EXPECT_EQ(copy.to_string(), "body");
}

TEST(Buffer, StaysBoundedWhenBytesStreamThrough) {
  BlockPool pool;
  Buffer buffer;
  for (int i = 0; i < 10'000; ++i) {
    buffer.append(Slice::of_static("ab"));
    buffer.append(Slice::of_static("cd"));
    buffer.consume(3);
    buffer.append(Slice::of_static("e"));
    buffer.consume(2);
  }
  EXPECT_TRUE(buffer.empty());
}

TEST(Buffer, IsEmptyAndGoodForUseAfterItWasMovedFrom) {
  BlockPool pool;
  Buffer buffer;
  buffer.append_copy(pool, "first");
  const Buffer other = std::move(buffer);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.size(), 0u);
  buffer.append_copy(pool, "next");
  EXPECT_EQ(buffer.to_string(), "next");
  EXPECT_EQ(other.to_string(), "first");
}

}  // namespace
}  // namespace weir
