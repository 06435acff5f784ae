#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/arena.h"
#include "core/base/block.h"
#include "core/base/buffer.h"
#include "core/base/memory_account.h"
#include "core/base/pressure.h"

namespace weir {
namespace {

constexpr std::size_t kWhole = BlockPool::kBlockSize + sizeof(Block);

struct Waiter final : BlockWaiter {
  void on_block() override { ++told; }
  int told = 0;
};

struct Alarm final : MemoryAccount::Owner {
  void on_memory_short() override { ++times; }
  int times = 0;
};

TEST(Memory, OfBlocksCountsFromTheAllocatorAndBackToIt) {
  MemoryBudget budget;
  MemoryAccount account(&budget);
  {
    BlockPool pool(&account);
    { const BlockRef block = pool.get(); }
    EXPECT_EQ(pool.bytes_in_use(), 0u);
    // Under AddressSanitizer nothing is kept for reuse.
    EXPECT_EQ(budget.used() % kWhole, 0u);
    const BlockRef large = pool.get_large(100'000);
    EXPECT_GE(budget.used(), 100'000u);
    EXPECT_EQ(account.held(), budget.used());
  }
  EXPECT_EQ(budget.used(), 0u);
}

TEST(Memory, KeptForReuseGoesWhenToldTo) {
  MemoryBudget budget;
  MemoryAccount account(&budget);
  BlockPool pool(&account);
  std::vector<BlockRef> blocks;
  for (int i = 0; i < 10; ++i) blocks.push_back(pool.get());
  pool.keep(2);
  blocks.clear();
  EXPECT_LE(budget.used(), 2 * kWhole);
  pool.keep(0);
  EXPECT_EQ(budget.used(), 0u);
}

TEST(Memory, OfAnArenaCountsChunkByChunk) {
  MemoryBudget budget;
  MemoryAccount account(&budget);
  {
    Arena arena(&account);
    arena.allocate(1);
    EXPECT_EQ(budget.used(), Arena::kFirstChunk);
    arena.allocate(50'000);
    EXPECT_EQ(budget.used(), arena.bytes_held());
    arena.reset();
    EXPECT_EQ(budget.used(), arena.bytes_held());
  }
  EXPECT_EQ(budget.used(), 0u);
}

TEST(Memory, HasNoRoomForReadsInTheLastPartOfTheBudget) {
  MemoryBudget budget;
  budget.set_limit(32 * kWhole);
  MemoryAccount account(&budget);
  BlockPool pool(&account);
  std::vector<BlockRef> blocks;
  for (int i = 0; i < 30; ++i) blocks.push_back(pool.get());
  EXPECT_TRUE(pool.may_get(1));
  EXPECT_FALSE(pool.may_get(2));
  blocks.push_back(pool.get());
  EXPECT_FALSE(pool.may_get(1));
  // What cannot wait gets it all the same.
  blocks.push_back(pool.get());
  EXPECT_EQ(budget.used(), budget.limit());
}

TEST(Memory, RunningShortIsToldToTheOwner) {
  MemoryBudget budget;
  budget.set_limit(100'000);
  MemoryAccount account(&budget);
  Alarm alarm;
  account.set_owner(&alarm);
  account.take(94'999);
  EXPECT_EQ(alarm.times, 0);
  account.take(1);
  EXPECT_EQ(alarm.times, 1);
  account.give_back(95'000);
}

TEST(Memory, WithoutALimitIsNeverShort) {
  MemoryBudget budget;
  MemoryAccount limited(&budget);
  limited.take(std::size_t{1} << 40);
  EXPECT_FALSE(budget.short_of());
  EXPECT_GT(limited.room(), std::size_t{1} << 40);
  EXPECT_EQ(MemoryAccount().room(), SIZE_MAX);
}

TEST(Memory, WakesAsManyWaitersAsThereIsRoomFor) {
  MemoryBudget budget;
  budget.set_limit(32 * kWhole);
  MemoryAccount account(&budget);
  BlockPool pool(&account);
  std::vector<BlockRef> blocks;
  while (pool.may_get(1)) blocks.push_back(pool.get());
  std::vector<Waiter> waiters(3);
  for (Waiter& waiter : waiters) pool.wait(waiter);
  pool.wait(waiters[0]);
  pool.wake_waiting();
  EXPECT_EQ(waiters[0].told, 0);
  blocks.resize(blocks.size() - 2);
  pool.wake_waiting();
  EXPECT_EQ(waiters[0].told, 1);
  EXPECT_EQ(waiters[1].told, 1);
  EXPECT_EQ(waiters[2].told, 0);
  blocks.clear();
  pool.wake_waiting();
  EXPECT_EQ(waiters[0].told, 1);
  EXPECT_EQ(waiters[2].told, 1);
}

TEST(Memory, OfABufferIsThatOfItsBlocks) {
  BlockPool pool;
  Buffer buffer;
  buffer.append(Slice::of_static("nothing"));
  EXPECT_EQ(buffer.memory(), 0u);
  buffer.append_copy(pool, "a");
  EXPECT_EQ(buffer.memory(), BlockPool::kBlockSize);
  buffer.append_copy(pool, std::string(BlockPool::kBlockSize, 'b'));
  EXPECT_EQ(buffer.memory(), 2 * BlockPool::kBlockSize);
}

TEST(Pressure, BeginsAt80And95PercentAndEnds5Below) {
  constexpr auto at = [](double percent, Pressure before) {
    return pressure_at(percent, 100, before);
  };
  EXPECT_EQ(at(79, Pressure::None), Pressure::None);
  EXPECT_EQ(at(80, Pressure::None), Pressure::High);
  EXPECT_EQ(at(94, Pressure::None), Pressure::High);
  EXPECT_EQ(at(95, Pressure::None), Pressure::Critical);
  EXPECT_EQ(at(90, Pressure::Critical), Pressure::Critical);
  EXPECT_EQ(at(89, Pressure::Critical), Pressure::High);
  EXPECT_EQ(at(75, Pressure::High), Pressure::High);
  EXPECT_EQ(at(74, Pressure::High), Pressure::None);
  EXPECT_EQ(at(74, Pressure::Critical), Pressure::None);
}

}  // namespace
}  // namespace weir
