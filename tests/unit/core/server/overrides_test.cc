#include "core/server/overrides.h"

#include <gtest/gtest.h>

#include "core/server/override_effects.h"

namespace weir::server {
namespace {

using namespace std::chrono_literals;
using upstream::EndpointMode;

// Overrides over a registry without clusters.
struct OverrideWorld {
  event::Reactor control{0};
  event::Reactors reactors{{&control}};
  upstream::ClusterRegistry clusters{reactors, nullptr};
  EventLog events;
  int flag_changes = 0;
  int list_changes = 0;
  Overrides overrides{
      control, clusters, events, {[this] { ++flag_changes; }, [this] { ++list_changes; }}};
};

TEST(Overrides, SayNothingOfAFlagThatNobodySet) {
  OverrideWorld world;
  EXPECT_EQ(world.overrides.flag("maintenance"), std::nullopt);
  ASSERT_TRUE(world.overrides.set_flag("maintenance", false, {}));
  EXPECT_EQ(world.overrides.flag("maintenance"), false);
  EXPECT_EQ(world.flag_changes, 1);
}

TEST(Overrides, KeepTheTermsOfModeAndWeightApart) {
  OverrideWorld world;
  ASSERT_TRUE(world.overrides.set_mode("api", "10.0.0.1:80", EndpointMode::Drain, {1ms, "disk"}));
  ASSERT_TRUE(world.overrides.set_weight("api", "10.0.0.1:80", 7, {{}, "slow"}));
  ASSERT_EQ(world.overrides.list().size(), 2u);
  EXPECT_EQ(world.overrides.list()[0]->why, "disk");
  while (world.overrides.list().size() == 2) world.control.loop().run_once(true);
  const auto all = world.overrides.list();
  EXPECT_EQ(all[0]->key(), "api/10.0.0.1:80");
  EXPECT_EQ(all[0]->weight, 7u);
  EXPECT_EQ(all[0]->why, "slow");
}

TEST(Overrides, TakeNoControlCharacters) {
  OverrideWorld world;
  EXPECT_FALSE(world.overrides.set_flag("a", true, {{}, "one\ntwo"}));
  EXPECT_FALSE(world.overrides.set_flag("a", true, {{}, "\x1b[31m"}));
  EXPECT_TRUE(world.overrides.set_flag("a", true, {{}, "für später"}));
}

TEST(Overrides, EndAtTheirTimeAndNotBefore) {
  OverrideWorld world;
  ASSERT_TRUE(world.overrides.set_flag("short", true, {1ms, {}}));
  ASSERT_TRUE(world.overrides.set_flag("long", true, {1h, {}}));
  ASSERT_TRUE(world.overrides.set_flag("without", true, {}));
  while (world.overrides.flag("short")) world.control.loop().run_once(true);
  EXPECT_TRUE(world.overrides.flag("long"));
  EXPECT_TRUE(world.overrides.flag("without"));
  EXPECT_EQ(world.events.list().back().text, "flag short on ended: its time is over");
}

TEST(Overrides, TakeTheirNewTimeWhenSetAgain) {
  OverrideWorld world;
  ASSERT_TRUE(world.overrides.set_flag("maintenance", true, {1h, {}}));
  ASSERT_TRUE(world.overrides.set_flag("maintenance", true, {}));
  EXPECT_EQ(world.overrides.list()[0]->until_ms, 0u);
}

TEST(Overrides, AreToldWithTheirTimeAndReason) {
  OverrideWorld world;
  ASSERT_TRUE(world.overrides.set_flag("maintenance", true, {90min, "disk"}));
  EXPECT_EQ(world.events.list().back().text, "flag maintenance on for 1h30m: disk");
  ASSERT_TRUE(world.overrides.set_mode("api", "10.0.0.1:80", EndpointMode::Drain, {1500ms, {}}));
  EXPECT_EQ(world.events.list().back().text, "endpoint api/10.0.0.1:80 drain for 1500ms");
  ASSERT_TRUE(world.overrides.set_weight("api", "10.0.0.1:80", 3, {{}, "slow"}));
  EXPECT_EQ(world.events.list().back().text, "endpoint api/10.0.0.1:80 weight 3: slow");
}

TEST(Overrides, AreClearedByKeyOrAll) {
  OverrideWorld world;
  ASSERT_TRUE(world.overrides.set_flag("one", true, {}));
  ASSERT_TRUE(world.overrides.set_flag("two", true, {}));
  ASSERT_TRUE(world.overrides.set_mode("api", "10.0.0.1:80", EndpointMode::Down, {}));
  EXPECT_EQ(world.overrides.clear("endpoint", "api"), 0u);
  EXPECT_EQ(world.overrides.clear("flag", "api/10.0.0.1:80"), 0u);
  EXPECT_EQ(world.overrides.clear("endpoint", "api/10.0.0.1:80"), 1u);
  EXPECT_EQ(world.overrides.clear_all(), 2u);
  EXPECT_TRUE(world.overrides.list().empty());
}

TEST(Overrides, OfOneNameAndOfDifferentThingsAreToldApart) {
  OverrideWorld world;
  ASSERT_TRUE(world.overrides.set_flag("upstream", true, {}));
  ASSERT_TRUE(world.overrides.set_flag("api/10.0.0.1:80", true, {}));
  ASSERT_TRUE(world.overrides.set_log_level("upstream", LogLevel::Debug, {}));
  ASSERT_TRUE(world.overrides.set_weight("api", "10.0.0.1:80", 7, {}));
  EXPECT_EQ(world.overrides.clear("log", "upstream"), 1u);
  EXPECT_EQ(world.overrides.clear("endpoint", "api/10.0.0.1:80"), 1u);
  EXPECT_EQ(world.overrides.list().size(), 2u);
  EXPECT_TRUE(world.overrides.flag("upstream"));
}

TEST(Overrides, TellWheneverTheirListChanges) {
  OverrideWorld world;
  ASSERT_TRUE(world.overrides.set_flag("one", true, {1ms, {}}));
  EXPECT_EQ(world.list_changes, 1);
  ASSERT_TRUE(world.overrides.set_weight("api", "10.0.0.1:80", 7, {}));
  EXPECT_EQ(world.list_changes, 2);
  while (world.overrides.list().size() == 2) world.control.loop().run_once(true);
  EXPECT_EQ(world.list_changes, 3);
  EXPECT_EQ(world.overrides.clear("flag", "one"), 0u);
  EXPECT_EQ(world.list_changes, 3);
}

TEST(Overrides, AreRestoredWithTheirTerms) {
  OverrideWorld world;
  const std::uint64_t now = world.control.loop().now();
  Override flag;
  flag.name = "maintenance";
  flag.on = true;
  flag.why = "disk";
  flag.set_us = 5;
  Override mode;
  mode.kind = Override::Kind::Mode;
  mode.cluster = "api";
  mode.name = "10.0.0.1:80";
  mode.until_ms = now + 1;
  ASSERT_TRUE(world.overrides.restore({flag, mode}));
  EXPECT_EQ(world.overrides.flag("maintenance"), true);
  EXPECT_EQ(world.overrides.list()[0]->set_us, 5);
  EXPECT_EQ(world.overrides.list()[0]->why, "disk");
  while (world.overrides.list().size() == 2) world.control.loop().run_once(true);
  flag.why = "one\ntwo";
  EXPECT_FALSE(world.overrides.restore({flag}));
}

TEST(Overrides, HaveALimitOnTheirNumber) {
  OverrideWorld world;
  for (std::size_t i = 0; i < Overrides::kMost; ++i) {
    ASSERT_TRUE(world.overrides.set_flag("flag" + std::to_string(i), true, {}));
  }
  const auto refused = world.overrides.set_flag("one more", true, {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no more may be"), std::string::npos);
  EXPECT_TRUE(world.overrides.set_flag("flag0", false, {}));
}

TEST(Overrides, HaveALimitOnTheirReasons) {
  OverrideWorld world;
  EXPECT_TRUE(world.overrides.set_flag("a", true, {{}, std::string(Overrides::kMaxWhy, 'x')}));
  EXPECT_FALSE(world.overrides.set_flag("a", true, {{}, std::string(Overrides::kMaxWhy + 1, 'x')}));
}

TEST(EventLog, KeepsTheLastOnes) {
  EventLog events;
  for (std::size_t i = 0; i < EventLog::kMost + 5; ++i) {
    events.add(LogLevel::Debug, "server", std::to_string(i));
  }
  EXPECT_EQ(events.list().size(), EventLog::kMost);
  EXPECT_EQ(events.list().front().text, "5");
  EXPECT_EQ(events.list().back().number, EventLog::kMost + 5);
}

TEST(Overrides, AreToldThatActOnNothing) {
  OverrideWorld world;
  Snapshot snapshot;
  snapshot.flag_names = {"maintenance"};
  ASSERT_TRUE(world.overrides.set_flag("maintenance", true, {}));
  ASSERT_TRUE(world.overrides.set_log_level(*LogPart::find("upstream"), LogLevel::Debug, {}));
  const auto sentences = [&] {
    return OverrideEffects(snapshot, world.clusters).sentences(world.overrides.list());
  };
  EXPECT_TRUE(sentences().empty());
  ASSERT_TRUE(world.overrides.set_mode("api", "10.0.0.1:80", EndpointMode::Drain, {}));
  snapshot.flag_names.clear();
  EXPECT_EQ(sentences(),
            (std::vector<std::string>{
                "the override flag maintenance on has no effect: no route asks for it now",
                "the override endpoint api/10.0.0.1:80 drain has no effect: there is no such "
                "cluster now"}));
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(world.overrides.set_flag("f" + std::to_string(i), true, {}));
  }
  ASSERT_EQ(sentences().size(), 9u);
  EXPECT_EQ(sentences().back(), "4 more overrides have no effect: weir ctl overrides tells which");
}

}  // namespace
}  // namespace weir::server
