#include "core/net/dns_watch.h"

#include <gtest/gtest.h>

#include "core/net/resolver.h"
#include "tests/unit/core/net/dns_server.h"

namespace weir::net {
namespace {

struct Seen final : DnsWatch::Owner {
  void on_targets(const std::vector<DnsTarget>& targets) override {
    sets.emplace_back();
    for (const DnsTarget& target : targets) sets.back() += target.address.to_string() + " ";
    if (then) then();
  }
  void on_failure(const Error& error) override {
    failures.push_back(error.message);
    if (then) then();
  }

  std::vector<std::string> sets;
  std::vector<std::string> failures;
  std::function<void()> then;
};

class DnsWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    Resolver::Options options;
    options.servers = server.address();
    options.search = std::vector<std::string>{};
    options.hosts_file = "/nonexistent";
    options.timeout_ms = 2000;
    options.tries = 1;
    resolver = std::move(*Resolver::create(loop, options));
    quick.min_ttl_ms = 5;
    quick.max_ttl_ms = 10;
    quick.min_retry_ms = 5;
    quick.max_retry_ms = 10;
    quick.random = [] { return 0.5; };
  }
  void watch() {
    watched = std::make_unique<DnsWatch>(loop, *resolver, DnsQuestion{"web.test", 80}, seen, quick);
  }
  void answer(const std::string& ip, std::uint32_t ttl = 60) {
    server.set("web.test", {a("web.test", ttl, ip)});
  }
  // Lets `count` more questions come in, and their answers be taken.
  void let_ask(int count) {
    const int enough = server.asked("web.test", DnsType::A) + count + 1;
    ASSERT_TRUE(run_until(loop, [&] { return server.asked("web.test", DnsType::A) >= enough; }));
  }

  event::Loop loop;
  DnsServer server{loop};
  std::unique_ptr<Resolver> resolver;
  Seen seen;
  DnsWatch::Options quick;
  std::unique_ptr<DnsWatch> watched;
};

TEST_F(DnsWatchTest, ReportsTheFirstAnswerAndThenOnlyChanges) {
  answer("10.0.0.1");
  watch();
  EXPECT_TRUE(watched->targets().empty());
  EXPECT_FALSE(watched->age_ms());
  let_ask(4);
  EXPECT_EQ(seen.sets, std::vector<std::string>{"10.0.0.1:80 "});
  answer("10.0.0.2");
  let_ask(4);
  EXPECT_EQ(seen.sets, (std::vector<std::string>{"10.0.0.1:80 ", "10.0.0.2:80 "}));
  EXPECT_TRUE(watched->age_ms());
  EXPECT_TRUE(seen.failures.empty());
}

TEST_F(DnsWatchTest, DoesNotReportAnotherOrderOrTtl) {
  server.set("web.test", {a("web.test", 60, "10.0.0.1"), a("web.test", 60, "10.0.0.2")});
  watch();
  let_ask(2);
  server.set("web.test", {a("web.test", 20, "10.0.0.2"), a("web.test", 20, "10.0.0.1")});
  let_ask(2);
  EXPECT_EQ(seen.sets, std::vector<std::string>{"10.0.0.1:80 10.0.0.2:80 "});
}

TEST_F(DnsWatchTest, KeepsTheLastGoodAnswerWhileTheServerFails) {
  answer("10.0.0.1");
  watch();
  let_ask(1);
  server.on("web.test", DnsType::A).code = 2;
  let_ask(3);
  EXPECT_GE(watched->failures(), 2u);
  EXPECT_EQ(watched->last_error(), "web.test: no DNS server gave a usable answer");
  EXPECT_EQ(watched->targets().size(), 1u);
  EXPECT_EQ(seen.failures.size(), watched->failures());
  server.on("web.test", DnsType::A).code = 0;
  let_ask(2);
  EXPECT_EQ(watched->failures(), 0u);
  EXPECT_EQ(watched->last_error(), "");
  EXPECT_EQ(seen.sets.size(), 1u);
}

TEST_F(DnsWatchTest, KeepsTheLastGoodAnswerWhenTheNextIsEmpty) {
  answer("10.0.0.1");
  watch();
  let_ask(1);
  server.on("web.test", DnsType::A).answers.clear();
  let_ask(2);
  EXPECT_EQ(watched->last_error(), "web.test: the name has no addresses");
  EXPECT_EQ(watched->targets().size(), 1u);
  EXPECT_EQ(seen.sets.size(), 1u);
}

TEST_F(DnsWatchTest, BelievesThatAFamilyIsMissingOnlyAfterAskingAgain) {
  server.set("web.test", {a("web.test", 60, "10.0.0.1"), aaaa("web.test", 60, "fd00::1")});
  watch();
  let_ask(1);
  server.on("web.test", DnsType::Aaaa).code = 2;
  ASSERT_TRUE(run_until(loop, [&] { return seen.sets.size() == 2; }));
  EXPECT_EQ(seen.sets.back(), "10.0.0.1:80 ");
  EXPECT_EQ(seen.failures.size(), 3u);
  EXPECT_EQ(watched->last_error(), "web.test: no DNS server gave a usable answer");
  let_ask(2);
  EXPECT_EQ(seen.failures.size(), 3u);
  server.on("web.test", DnsType::Aaaa).code = 0;
  ASSERT_TRUE(run_until(loop, [&] { return seen.sets.size() == 3; }));
  EXPECT_EQ(seen.sets.back(), "10.0.0.1:80 [fd00::1]:80 ");
  EXPECT_EQ(watched->last_error(), "");
}

// The times between questions, which no timer may undercut.
TEST_F(DnsWatchTest, WaitsForTheTtlWithinItsLimits) {
  const auto gap = [&](std::uint32_t ttl) {
    answer("10.0.0.1", ttl);
    seen.sets.clear();
    watch();
    EXPECT_TRUE(run_until(loop, [&] { return !seen.sets.empty(); }));
    const std::uint64_t start = loop.now();
    const int before = server.asked("web.test", DnsType::A);
    EXPECT_TRUE(run_until(loop, [&] { return server.asked("web.test", DnsType::A) > before; }));
    watched.reset();
    return loop.now() - start;
  };
  quick.min_ttl_ms = 30;
  quick.max_ttl_ms = 60'000;
  EXPECT_GE(gap(0), 29u);
  quick.random = [] { return 0.0; };
  EXPECT_GE(gap(1), 899u);
  quick.random = [] { return 0.5; };
  quick.max_ttl_ms = 50;
  EXPECT_GE(gap(3600), 49u);
}

TEST_F(DnsWatchTest, WaitsLongerAfterEachFailure) {
  quick.min_retry_ms = 10;
  quick.max_retry_ms = 40;
  server.on("web.test", DnsType::A).code = 2;
  std::vector<std::uint64_t> times;
  seen.then = [&] { times.push_back(loop.now()); };
  watch();
  ASSERT_TRUE(run_until(loop, [&] { return times.size() == 5; }));
  EXPECT_GE(times[1] - times[0], 9u);
  EXPECT_GE(times[2] - times[1], 19u);
  EXPECT_GE(times[3] - times[2], 39u);
  EXPECT_GE(times[4] - times[3], 39u);
  EXPECT_TRUE(seen.sets.empty());
}

TEST_F(DnsWatchTest, AsksAtOnceWhenToldTo) {
  quick.min_ttl_ms = quick.max_ttl_ms = 600'000;
  answer("10.0.0.1");
  watch();
  ASSERT_TRUE(run_until(loop, [&] { return seen.sets.size() == 1; }));
  answer("10.0.0.2");
  watched->refresh();
  watched->refresh();
  ASSERT_TRUE(run_until(loop, [&] { return seen.sets.size() == 2; }));
  EXPECT_EQ(server.asked("web.test", DnsType::A), 2);
}

TEST_F(DnsWatchTest, MayGoInsideItsOwnCalls) {
  seen.then = [&] { watched.reset(); };
  answer("10.0.0.1");
  watch();
  ASSERT_TRUE(run_until(loop, [&] { return watched == nullptr; }));
  EXPECT_EQ(seen.sets.size(), 1u);
  server.on("web.test", DnsType::A).code = 2;
  watch();
  ASSERT_TRUE(run_until(loop, [&] { return watched == nullptr; }));
  EXPECT_EQ(seen.failures.size(), 1u);
}

TEST_F(DnsWatchTest, MayGoWhileItAsks) {
  server.on("web.test", DnsType::A).silent = true;
  watch();
  ASSERT_TRUE(run_until(loop, [&] { return server.asked() > 0; }));
  watched.reset();
  resolver.reset();
  loop.run_once();
  EXPECT_TRUE(seen.sets.empty());
  EXPECT_TRUE(seen.failures.empty());
}

TEST_F(DnsWatchTest, DrawsItsOwnRandomNumbersByDefault) {
  quick.random = nullptr;
  answer("10.0.0.1");
  watch();
  let_ask(2);
  EXPECT_EQ(seen.sets.size(), 1u);
}

}  // namespace
}  // namespace weir::net
