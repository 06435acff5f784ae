#include "core/base/state_registry.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/state_scope.h"

namespace weir {
namespace {

struct Count {
  std::atomic<int> value{0};
};
struct Other {
  int value = 0;
};

TEST(StateRegistry, SharesOneStateOfATypeUnderAName) {
  StateRegistry registry;
  const auto first = registry.share<Count>("a");
  const auto second = registry.share<Count>("a");
  EXPECT_EQ(first, second);
  EXPECT_NE(first, registry.share<Count>("b"));
  EXPECT_NE(static_cast<void*>(first.get()), registry.share<Other>("a").get());
}

TEST(StateRegistry, KeepsAStateOnlyWhileSomebodyHoldsIt) {
  StateRegistry registry;
  auto held = registry.share<Count>("a");
  held->value = 1;
  auto also = registry.share<Count>("a");
  held.reset();
  EXPECT_EQ(registry.share<Count>("a")->value, 1);
  also.reset();
  EXPECT_EQ(registry.share<Count>("a")->value, 0);
}

TEST(StateRegistry, FindsWhatIsHeldAmongManyThatAreGone) {
  StateRegistry registry;
  std::vector<std::shared_ptr<Count>> held;
  for (int i = 0; i < 1000; ++i) {
    registry.share<Count>("gone " + std::to_string(i));
    held.push_back(registry.share<Count>("held " + std::to_string(i)));
  }
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(held[i], registry.share<Count>("held " + std::to_string(i)));
  }
}

TEST(StateRegistry, GivesAllThreadsTheSameState) {
  StateRegistry registry;
  const auto held = registry.share<Count>("a");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 1000; ++n) {
          ++registry.share<Count>("a")->value;
          registry.share<Count>("b");
        }
      });
    }
  }
  EXPECT_EQ(held->value, 4000);
}

TEST(StateScope, KeepsTheStatesOfOneItemApartFromThoseOfOthers) {
  StateRegistry registry;
  const StateScope one(registry, "listeners.edge.accept.limit");
  const StateScope same(registry, "listeners.edge.accept.limit");
  const StateScope other(registry, "listeners.other.accept.limit");
  const auto state = one.share<Count>();
  EXPECT_EQ(state, same.share<Count>());
  EXPECT_NE(state, other.share<Count>());
}

}  // namespace
}  // namespace weir
