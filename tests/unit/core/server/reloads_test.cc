#include "core/server/reloads.h"

#include <gtest/gtest.h>

#include "tests/unit/core/server/running_server.h"

namespace weir::server {
namespace {

using namespace std::chrono_literals;

// Publishes nowhere, and counts.
struct ReloadWorld final : Reloads::Owner {
  Result<std::vector<std::string>> publish(std::unique_ptr<Snapshot> snapshot, bool keep) override {
    if (!publishable) return config_error("a port is taken");
    if (keep) kept = number;
    number = snapshot->number;
    return std::vector<std::string>();
  }
  Result<void> go_back() override {
    if (!publishable) return config_error("a port is taken");
    number = *std::exchange(kept, std::nullopt);
    return {};
  }
  void forget_kept() override { kept.reset(); }
  std::uint64_t active() const override { return number; }
  void on_reloaded(const Reloads::Outcome&, FilesRead) override { ++reported; }

  Reloads::Outcome reload(Reloads::Confirm confirm = {}) {
    std::optional<Reloads::Outcome> outcome;
    reloads.reload([&](const Reloads::Outcome& came) { outcome = came; }, confirm);
    while (!outcome) control.loop().run_once(true);
    return *outcome;
  }

  bool good = true;
  bool publishable = true;
  std::uint64_t number = 1;
  std::optional<std::uint64_t> kept;
  int reported = 0;
  TestSource source{[this](std::uint64_t n) {
    LoadedSnapshot loaded;
    if (good) {
      loaded.snapshot = std::make_unique<Snapshot>();
      loaded.snapshot->number = n;
    } else {
      loaded.problems = {Problem{"weir.yaml:1:1: error: first"},
                         Problem{"weir.yaml:2:1: error: second"}};
    }
    return loaded;
  }};
  Builder builder{source};
  event::Reactor control{0};
  EventLog events;
  Reloads reloads{control, builder, events, *this};
};

TEST(Reloads, PublishWhatIsSound) {
  ReloadWorld world;
  EXPECT_TRUE(world.reload().good);
  EXPECT_EQ(world.number, 2u);
  EXPECT_FALSE(world.reloads.unconfirmed());
}

TEST(Reloads, ChangeNothingWhenThereIsAnError) {
  ReloadWorld world;
  world.good = false;
  const Reloads::Outcome outcome = world.reload();
  EXPECT_FALSE(outcome.good);
  EXPECT_EQ(outcome.problems.size(), 2u);
  EXPECT_EQ(world.number, 1u);
  EXPECT_EQ(world.events.list().back().text,
            "not reloaded: snapshot 1 stays: weir.yaml:1:1: error: first (and 1 more)");
}

TEST(Reloads, SayWhatCouldNotBePublished) {
  ReloadWorld world;
  world.publishable = false;
  const Reloads::Outcome outcome = world.reload(1h);
  EXPECT_FALSE(outcome.good);
  ASSERT_EQ(outcome.problems.size(), 1u);
  EXPECT_EQ(outcome.problems.front().text, "a port is taken");
  EXPECT_FALSE(world.reloads.unconfirmed());
}

TEST(Reloads, AnswerAllWhoAskedMeanwhileWithOneLoad) {
  ReloadWorld world;
  int answers = 0;
  for (int i = 0; i < 5; ++i) world.reloads.reload([&](const Reloads::Outcome&) { ++answers; });
  while (answers < 5) world.control.loop().run_once(true);
  EXPECT_EQ(world.number, 3u);
  EXPECT_EQ(world.reported, 2);
}

TEST(Reloads, GoBackWhenNobodyConfirms) {
  ReloadWorld world;
  EXPECT_TRUE(world.reload(1ms).good);
  EXPECT_EQ(world.number, 2u);
  while (world.reloads.unconfirmed()) world.control.loop().run_once(true);
  EXPECT_EQ(world.number, 1u);
  EXPECT_EQ(world.reloads.last()->problems.front().text,
            "went back from snapshot 2 to 1: it was not confirmed in time");
}

TEST(Reloads, SayThatAnOperatorWentBack) {
  ReloadWorld world;
  EXPECT_TRUE(world.reload(1h).good);
  EXPECT_TRUE(world.reloads.roll_back());
  const std::string text = "went back from snapshot 2 to 1: an operator took it back";
  EXPECT_EQ(world.reloads.last()->problems.front().text, text);
  EXPECT_EQ(world.events.list().back().text, text);
}

TEST(Reloads, StayWhenConfirmed) {
  ReloadWorld world;
  EXPECT_TRUE(world.reload(1h).good);
  EXPECT_EQ(world.kept, 1u);
  EXPECT_TRUE(world.reloads.confirm());
  EXPECT_EQ(world.number, 2u);
  EXPECT_EQ(world.kept, std::nullopt);
  EXPECT_FALSE(world.reloads.confirm());
  EXPECT_FALSE(world.reloads.roll_back());
}

TEST(Reloads, StayWhenThereIsNoWayBack) {
  ReloadWorld world;
  EXPECT_TRUE(world.reload(1ms).good);
  world.publishable = false;
  while (world.reloads.unconfirmed()) world.control.loop().run_once(true);
  EXPECT_EQ(world.number, 2u);
  EXPECT_EQ(world.kept, std::nullopt);
}

TEST(Reloads, RefuseWhoAsksAndPutOffWhoDoesNotWhileOneIsToBeConfirmed) {
  ReloadWorld world;
  EXPECT_TRUE(world.reload(1h).good);
  EXPECT_FALSE(world.reload().good);
  world.reloads.reload();
  EXPECT_FALSE(world.reloads.loading());
  EXPECT_TRUE(world.reloads.confirm());
  while (world.number == 2) world.control.loop().run_once(true);
  EXPECT_EQ(world.number, 3u);
}

TEST(Reloads, ReadNothingThatWasPutOffAfterGoingBack) {
  ReloadWorld world;
  EXPECT_TRUE(world.reload(1h).good);
  world.reloads.reload();
  EXPECT_TRUE(world.reloads.roll_back());
  EXPECT_FALSE(world.reloads.loading());
  EXPECT_EQ(world.number, 1u);
  EXPECT_FALSE(world.reloads.last()->good);
}

TEST(Reloads, GiveALoadOfItsOwnToEachThatMustBeConfirmed) {
  ReloadWorld world;
  std::vector<std::string> said;
  const auto note = [&said](const char* who) {
    return [&said, who](const Reloads::Outcome& outcome) {
      said.push_back(std::string(who) + (outcome.good ? " good" : " refused") +
                     (outcome.confirm_within ? ", to be confirmed" : ""));
    };
  };
  world.reloads.reload(note("first"));
  world.reloads.reload(note("plain"));
  world.reloads.reload(note("careful"), 1h);
  world.reloads.reload(note("late"));
  while (said.size() < 4) world.control.loop().run_once(true);
  EXPECT_EQ(said, (std::vector<std::string>{"first good", "plain good",
                                            "careful good, to be confirmed", "late refused"}));
}

TEST(Reloads, HaveALimitOnThoseWhoWait) {
  ReloadWorld world;
  std::size_t refused = 0;
  std::size_t answered = 0;
  const auto count = [&](const Reloads::Outcome& outcome) {
    ++(outcome.good ? answered : refused);
  };
  world.reloads.reload(count);
  for (std::size_t i = 0; i < Reloads::kMostWaiting; ++i) world.reloads.reload(count);
  EXPECT_EQ(refused, 0u);
  world.reloads.reload(count);
  EXPECT_EQ(refused, 1u);
  while (answered < 1 + Reloads::kMostWaiting) world.control.loop().run_once(true);
}

TEST(Reloads, ReadOnceForAllThatNobodyWaitsFor) {
  ReloadWorld world;
  for (int i = 0; i < 1'000; ++i) world.reloads.reload();
  while (world.number < 3) world.control.loop().run_once(true);
  EXPECT_FALSE(world.reloads.loading());
}

TEST(Reloads, AnswerAtTheEnd) {
  ReloadWorld world;
  int refused = 0;
  const auto count = [&](const Reloads::Outcome& outcome) { refused += outcome.good ? 0 : 1; };
  world.reloads.reload(count);
  world.reloads.reload(count);
  world.reloads.end();
  EXPECT_EQ(refused, 2);
  world.reloads.reload(count);
  EXPECT_EQ(refused, 3);
  while (world.reloads.loading()) world.control.loop().run_once(true);
  EXPECT_EQ(world.number, 1u);
  EXPECT_EQ(world.reported, 0);
}

}  // namespace
}  // namespace weir::server
