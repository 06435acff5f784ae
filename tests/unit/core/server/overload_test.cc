#include "core/server/overload.h"

#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/net/descriptor.h"
#include "core/server/loop_delay.h"

namespace weir::server {
namespace {

using std::chrono::milliseconds;
using Resource = Overload::Resource;
constexpr std::uint64_t kMiB = 1 << 20;

OverloadSpec nothing_limited() {
  return {.memory = std::nullopt, .loop_delay = std::nullopt, .descriptors = std::nullopt};
}

TEST(Overload, TakesHalfOfTheMemoryAndAllDescriptorsUnlessToldOtherwise) {
  Overload overload(64 * kMiB, 4000);
  overload.configure({});
  EXPECT_EQ(overload.limit(Resource::Memory), 32 * kMiB);
  EXPECT_EQ(overload.limit(Resource::Descriptors), 4000u);
  EXPECT_EQ(overload.loop_delay(), milliseconds(200));
}

TEST(Overload, TakesAmountsAsTheyAreWritten) {
  Overload overload(64 * kMiB, 4000);
  overload.configure({.memory = OverloadSpec::Amount{.absolute = 7 * kMiB},
                      .loop_delay = milliseconds(20),
                      .descriptors = OverloadSpec::Amount{.percent = 25}});
  EXPECT_EQ(overload.limit(Resource::Memory), 7 * kMiB);
  EXPECT_EQ(overload.limit(Resource::Descriptors), 1000u);
  EXPECT_EQ(overload.loop_delay(), milliseconds(20));
}

TEST(Overload, IsNeverUnderPressureWhereItIsOff) {
  Overload overload(kMiB, 1);
  overload.configure(nothing_limited());
  overload.memory().take(100 * kMiB);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::None);
  EXPECT_EQ(overload.judge(Resource::Descriptors), Pressure::None);
  EXPECT_EQ(overload.bytes_to_free(), 0u);
}

TEST(Overload, OfMemoryComesAndGoesWithWhatIsUsed) {
  Overload overload(200 * kMiB, 4000);
  overload.configure({});
  MemoryBudget& memory = overload.memory();
  memory.take(79 * kMiB);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::None);
  memory.take(kMiB);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::High);
  memory.take(16 * kMiB);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::Critical);
  EXPECT_EQ(overload.bytes_to_free(), 6 * kMiB);
  memory.give_back(7 * kMiB);
  EXPECT_EQ(overload.bytes_to_free(), 0u);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::High);
  memory.give_back(15 * kMiB);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::None);
  EXPECT_EQ(overload.pressure(Resource::Descriptors), Pressure::None);
}

TEST(Overload, EndsWithANewConfigurationThatAllowsMore) {
  Overload overload(200 * kMiB, 4000);
  overload.configure({});
  overload.memory().take(99 * kMiB);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::Critical);
  overload.configure(nothing_limited());
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::None);
}

TEST(Overload, OfDescriptorsCountsAllThatAreOpen) {
  Overload overload(kMiB, 4000);
  overload.configure({});
  const std::uint64_t before = overload.used(Resource::Descriptors);
  EXPECT_GE(before, 3u);  // the standard streams
  std::vector<net::Descriptor> more;
  for (int i = 0; i < 10; ++i) more.emplace_back(dup(0));
  EXPECT_EQ(overload.used(Resource::Descriptors), before + 10);
  overload.configure({.descriptors = OverloadSpec::Amount{.absolute = before + 10}});
  EXPECT_EQ(overload.judge(Resource::Descriptors), Pressure::Critical);
  ::close(more.back().release());
  more.clear();
  EXPECT_EQ(overload.used(Resource::Descriptors), before);
}

TEST(Overload, LetsSoManyClientsInThatEachHasADescriptorLeftUpstream) {
  Overload overload(kMiB, 1000);
  overload.configure({});
  const std::uint64_t own = overload.used(Resource::Descriptors) - net::Descriptor::open();
  const std::uint32_t most = overload.most_clients(10);
  EXPECT_EQ(overload.most_copies(), 62u);
  const std::uint64_t all = own + 10 + 62 + std::uint64_t{2} * most;
  EXPECT_LT(all, 950u);  // where the critical pressure begins
  EXPECT_GT(all, 930u);
  overload.configure({.descriptors = OverloadSpec::Amount{.percent = 50}});
  EXPECT_LT(own + 10 + std::uint64_t{2} * overload.most_clients(10), 475u);
}

TEST(Overload, LetsNoMoreClientsInThanTheProcessHasDescriptorsFor) {
  Overload overload(kMiB, 1000);
  overload.configure({});
  const std::uint32_t most = overload.most_clients(10);
  overload.configure({.descriptors = OverloadSpec::Amount{.absolute = 100'000}});
  EXPECT_EQ(overload.most_clients(10), most);
  overload.configure(nothing_limited());
  EXPECT_EQ(overload.most_clients(10), most);
}

TEST(Overload, LetsOneClientInHoweverFewDescriptorsThereAre) {
  Overload overload(kMiB, 1);
  overload.configure({});
  EXPECT_EQ(overload.most_clients(10), 1u);
}

TEST(Overload, RemembersTheWorstUntilItIsTaken) {
  Overload overload(200 * kMiB, 4000);
  overload.configure({});
  overload.memory().take(99 * kMiB);
  overload.judge(Resource::Memory);
  overload.memory().give_back(99 * kMiB);
  EXPECT_EQ(overload.judge(Resource::Memory), Pressure::None);
  overload.note_loop(Pressure::High);
  overload.note_loop(Pressure::None);
  EXPECT_EQ(overload.take_worst(),
            (Overload::Worst{Pressure::Critical, Pressure::None, Pressure::High}));
  EXPECT_EQ(overload.take_worst(), Overload::Worst{});
}

TEST(LoopDelay, IsNoPressureAfterOneStallHoweverLong) {
  LoopDelay delay;
  delay.look(60'000, milliseconds(100));
  EXPECT_EQ(delay.pressure(), Pressure::None);
  for (int i = 0; i < 10; ++i) delay.look(0, milliseconds(100));
  EXPECT_LT(delay.ms(), 10);
}

TEST(LoopDelay, IsPressureWhenALoopStaysLateAndEndsWhenItDoesNot) {
  LoopDelay delay;
  std::vector<Pressure> seen;
  for (int i = 0; i < 10; ++i) {
    delay.look(130, milliseconds(100));
    if (seen.empty() || seen.back() != delay.pressure()) seen.push_back(delay.pressure());
  }
  EXPECT_EQ(seen, (std::vector{Pressure::None, Pressure::High, Pressure::Critical}));
  for (int i = 0; i < 3; ++i) delay.look(0, milliseconds(100));
  EXPECT_EQ(delay.pressure(), Pressure::None);
}

TEST(LoopDelay, IsMeasuredAndNoPressureWithoutALimit) {
  LoopDelay delay;
  for (int i = 0; i < 20; ++i) delay.look(500, milliseconds(0));
  EXPECT_GT(delay.ms(), 400);
  EXPECT_EQ(delay.pressure(), Pressure::None);
}

}  // namespace
}  // namespace weir::server
