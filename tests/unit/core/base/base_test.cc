#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core/base/arena.h"
#include "core/base/ids.h"
#include "core/base/list.h"
#include "core/base/result.h"

namespace weir {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return config_error("odd");
  return number / 2;
}

Result<int> quarter(int number) {
  WEIR_TRY(first, half(number));
  WEIR_TRY(second, half(first));
  return second;
}

TEST(Result, HandsTheErrorOfAnInnerCallOn) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_EQ(quarter(6).value_or(7), 7);
}

TEST(Result, CarriesMoveOnlyValues) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(4));
  std::unique_ptr<int> value = std::move(result).value();
  EXPECT_EQ(*value, 4);
}

TEST(Result, NamesTheSystemErrorInWords) {
  const Error error = system_error("opening x", 2);
  EXPECT_EQ(error.message, "opening x: No such file or directory");
  EXPECT_EQ(error.origin, ErrorOrigin::System);
}

TEST(Arena, KeepsOneChunkOverResetAndAllocatesNothingNew) {
  Arena arena;
  for (int i = 0; i < 100; ++i) arena.copy(std::string(1000, 'x'));
  EXPECT_GT(arena.bytes_held(), 100'000u);
  arena.reset();
  EXPECT_EQ(arena.bytes_held(), Arena::kFirstChunk);
  arena.allocate(64);
  EXPECT_EQ(arena.bytes_held(), Arena::kFirstChunk);
}

TEST(Arena, AlignsWhatItHandsOut) {
  Arena arena;
  arena.allocate(1, 1);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.make<double>(1.0)) % alignof(double), 0u);
  EXPECT_NE(arena.allocate(100'000), nullptr);
}

struct Member : ListNode<Member> {
  explicit Member(int n) : number(n) {}
  int number;
};

TEST(List, ForgetsAMemberThatIsDestroyed) {
  List<Member> list;
  Member first(1);
  list.push_back(first);
  {
    Member second(2);
    list.push_back(second);
    EXPECT_EQ(list.back()->number, 2);
  }
  EXPECT_EQ(list.back()->number, 1);
  EXPECT_EQ(list.pop_front()->number, 1);
  EXPECT_TRUE(list.empty());
}

TEST(SlotMap, MissesAStaleIdEvenWhenTheSlotIsUsedAgain) {
  SlotMap<int> map;
  int a = 1;
  int b = 2;
  const SlotId first = map.add(a);
  map.remove(first);
  const SlotId second = map.add(b);
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(map.find(first), nullptr);
  EXPECT_EQ(*map.find(second), 2);
  EXPECT_EQ(map.find(SlotId()), nullptr);
}

}  // namespace
}  // namespace weir
