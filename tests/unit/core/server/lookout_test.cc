#include "core/server/lookout.h"

#include <gtest/gtest.h>

namespace weir::server {
namespace {

constexpr std::uint64_t kLook = Lookout::kIntervalMs;

class LookoutTest : public testing::Test {
 protected:
  LookoutTest() { lookout_.start(); }

  void pass(std::uint64_t looks) {
    for (const std::uint64_t end = now_ + looks * kLook; now_ < end;) timers_.advance(++now_);
  }
  void see(std::size_t cause, Pressure worst, std::uint64_t looks = 1) {
    for (std::uint64_t i = 0; i < looks; ++i) {
      found_.worst[cause] = worst;
      pass(1);
    }
  }
  std::vector<std::string> told() const {
    std::vector<std::string> texts;
    for (const Event& event : events_.list()) texts.push_back(event.text);
    return texts;
  }
  void lose(std::size_t log, std::uint64_t lines) { found_.lost[log].lines += lines; }

  EventLog events_;
  event::TimerWheel timers_{0};
  std::uint64_t now_ = 0;
  Lookout::Found found_{{}, {{"log", "operational log"}, {"access_log", "access log main"}}};
  Lookout lookout_{events_, timers_, [this] {
                     Lookout::Found found = found_;
                     found_.worst = {};
                     return found;
                   }};
};

TEST_F(LookoutTest, TellsOnceThatOverloadBeginsGetsCriticalAndEnds) {
  see(0, Pressure::High, 5);
  see(0, Pressure::Critical, 5);
  see(0, Pressure::High, 5);
  pass(Lookout::kCalm - 1);
  EXPECT_EQ(events_.list().size(), 2u);
  pass(100);
  EXPECT_EQ(told(), (std::vector<std::string>{
                        "overload by memory begins: connections are not kept alive",
                        "overload by memory is critical: new connections wait and new requests "
                        "get 503",
                        "overload by memory has ended, after 15s"}));
  EXPECT_EQ(events_.list()[0].level, LogLevel::Warning);
  EXPECT_EQ(events_.list()[0].part, "overload");
  EXPECT_EQ(events_.list()[2].level, LogLevel::Info);
}

TEST_F(LookoutTest, TellsOneOverloadThatComesAndGoesOnce) {
  for (int i = 0; i < 50; ++i) {
    see(1, Pressure::Critical);
    pass(Lookout::kCalm - 1);
  }
  EXPECT_EQ(told(), std::vector<std::string>{"overload by descriptors is critical: new connections "
                                             "wait and new requests get 503"});
  pass(1);
  EXPECT_EQ(events_.list().size(), 2u);
}

TEST_F(LookoutTest, TellsEachCauseApart) {
  found_.worst = {Pressure::High, Pressure::None, Pressure::High};
  pass(1);
  EXPECT_EQ(told(), (std::vector<std::string>{
                        "overload by memory begins: connections are not kept alive",
                        "overload by loop_delay begins: connections are not kept alive"}));
}

TEST_F(LookoutTest, TellsOfLostLinesOncePerInterval) {
  lose(1, 1);
  pass(1);
  EXPECT_EQ(told(), std::vector<std::string>{"lines of the access log main were lost: 1"});
  for (unsigned i = 1; i < Lookout::kRest; ++i) {
    lose(1, 1'000);
    pass(1);
  }
  EXPECT_EQ(events_.list().size(), 1u);
  pass(1);
  EXPECT_EQ(told().back(), "lines of the access log main were lost: 9000");
  pass(100);
  EXPECT_EQ(events_.list().size(), 2u);
  lose(0, 3);
  pass(1);
  EXPECT_EQ(told().back(), "lines of the operational log were lost: 3");
  EXPECT_EQ(events_.list().back().part, "log");
}

}  // namespace
}  // namespace weir::server
