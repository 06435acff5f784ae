#include "core/net/resolver.h"

#include <cstdio>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "core/net/dns_lookup.h"
#include "tests/unit/core/net/dns_server.h"

namespace weir::net {
namespace {

using Kind = DnsQuestion::Kind;

std::string to_text(const std::vector<DnsTarget>& targets) {
  std::string text;
  for (const DnsTarget& target : targets) {
    if (!text.empty()) text += ' ';
    text += target.address.to_string() + "/" + std::to_string(target.priority) + "/" +
            std::to_string(target.weight);
  }
  return text;
}

struct Asker final : DnsLookup::Owner {
  void on_resolved(Result<DnsAnswer> result) override {
    ++calls;
    answer = std::move(result);
    if (then) then();
  }

  std::string text() const {
    if (!answer) return "nothing";
    return *answer ? to_text((*answer)->targets) : answer->error().message;
  }
  std::uint32_t ttl() const { return (*answer)->ttl; }
  std::string missing() const { return (*answer)->missing; }

  std::optional<Result<DnsAnswer>> answer;
  std::unique_ptr<DnsLookup> lookup;
  std::function<void()> then;
  int calls = 0;
};

class ResolverTest : public testing::Test {
 protected:
  void SetUp() override { open(); }

  Resolver::Options options() {
    Resolver::Options options;
    options.servers = server.address();
    options.search = std::vector<std::string>{};
    options.hosts_file = "/nonexistent";
    options.timeout_ms = 2000;
    options.tries = 1;
    return options;
  }
  void open(const std::function<void(Resolver::Options&)>& change = {}) {
    Resolver::Options chosen = options();
    if (change) change(chosen);
    resolver = std::move(*Resolver::create(loop, std::move(chosen)));
  }
  void start(Asker& asker, const std::string& name, std::uint16_t port = 80,
             Kind kind = Kind::Addresses) {
    asker.lookup = std::make_unique<DnsLookup>(*resolver, DnsQuestion{name, port, kind}, asker);
  }
  Asker ask(const std::string& name, std::uint16_t port = 80, Kind kind = Kind::Addresses) {
    Asker asker;
    start(asker, name, port, kind);
    EXPECT_EQ(asker.calls, 0);
    EXPECT_TRUE(run_until(loop, [&] { return asker.calls != 0; }));
    asker.lookup.reset();
    return asker;
  }

  event::Loop loop;
  DnsServer server{loop};
  std::unique_ptr<Resolver> resolver;
};

TEST_F(ResolverTest, MergesBothFamiliesInAFixedOrderWithTheSmallestTtl) {
  server.set("web.test", {a("web.test", 60, "10.0.0.2"), a("web.test", 60, "10.0.0.1"),
                          aaaa("web.test", 30, "fd00::2"), aaaa("web.test", 90, "fd00::1")});
  const Asker asker = ask("web.test", 8080);
  EXPECT_EQ(asker.text(),
            "10.0.0.1:8080/0/1 10.0.0.2:8080/0/1 [fd00::1]:8080/0/1 [fd00::2]:8080/0/1");
  EXPECT_EQ(asker.ttl(), 30u);
  EXPECT_EQ(asker.missing(), "");
}

TEST_F(ResolverTest, IsContentWithOneFamily) {
  server.set("web.test", {aaaa("web.test", 0, "fd00::1")});
  const Asker asker = ask("web.test");
  EXPECT_EQ(asker.text(), "[fd00::1]:80/0/1");
  EXPECT_EQ(asker.ttl(), 0u);
  EXPECT_EQ(asker.missing(), "");
}

TEST_F(ResolverTest, GivesEachAddressOnce) {
  server.set("web.test", {a("web.test", 9, "10.0.0.1"), a("web.test", 9, "10.0.0.1")});
  EXPECT_EQ(ask("web.test").text(), "10.0.0.1:80/0/1");
}

TEST_F(ResolverTest, FollowsAliasesInAnyOrderAndCountsTheirTtl) {
  server.on("web.test", DnsType::A).answers = {
      a("c.test", 60, "10.0.0.1"), cname("b.test", 7, "c.test"), cname("web.test", 50, "B.test"),
      a("other.test", 1, "10.9.9.9")};
  const Asker asker = ask("web.test");
  EXPECT_EQ(asker.text(), "10.0.0.1:80/0/1");
  EXPECT_EQ(asker.ttl(), 7u);
}

TEST_F(ResolverTest, SurvivesALoopOfAliases) {
  server.on("web.test", DnsType::A).answers = {cname("web.test", 7, "b.test"),
                                               cname("b.test", 7, "web.test")};
  EXPECT_EQ(ask("web.test").text(), "web.test: the name has no addresses");
}

TEST_F(ResolverTest, TellsAnAbsentNameFromAnEmptyOne) {
  server.on("empty.test", DnsType::A);
  EXPECT_EQ(ask("absent.test").text(), "absent.test: no such name");
  EXPECT_EQ(ask("empty.test").text(), "empty.test: the name has no addresses");
}

TEST_F(ResolverTest, ReportsAServerThatFails) {
  server.on("web.test", DnsType::A).code = 2;
  server.on("web.test", DnsType::Aaaa).code = 2;
  EXPECT_EQ(ask("web.test").text(), "web.test: no DNS server gave a usable answer");
}

TEST_F(ResolverTest, ReportsACodeThatHasNoMeaningHere) {
  server.on("web.test", DnsType::A).code = 9;
  EXPECT_EQ(ask("web.test").text(), "web.test: the DNS server answered with error code 9");
}

TEST_F(ResolverTest, SaysWhatIsMissingWhenOneFamilyFails) {
  server.set("web.test", {a("web.test", 60, "10.0.0.1")});
  server.on("web.test", DnsType::Aaaa).code = 2;
  const Asker asker = ask("web.test");
  EXPECT_EQ(asker.text(), "10.0.0.1:80/0/1");
  EXPECT_EQ(asker.missing(), "web.test: no DNS server gave a usable answer");
}

TEST_F(ResolverTest, GivesUpOnASilentServer) {
  open([](Resolver::Options& options) { options.timeout_ms = 20; });
  server.on("web.test", DnsType::A).silent = true;
  server.on("web.test", DnsType::Aaaa).silent = true;
  EXPECT_EQ(ask("web.test").text(), "web.test: no DNS server answered in time");
}

TEST_F(ResolverTest, AsksASilentServerAgain) {
  open([](Resolver::Options& options) {
    options.timeout_ms = 20;
    options.tries = 3;
  });
  server.on("web.test", DnsType::A).silent = true;
  server.on("web.test", DnsType::Aaaa).silent = true;
  EXPECT_EQ(ask("web.test").text(), "web.test: no DNS server answered in time");
  EXPECT_EQ(server.asked("web.test", DnsType::A), 3);
}

TEST_F(ResolverTest, AsksTheNextServerWhenOneIsNotThere) {
  DnsServer other(loop);
  auto gone = std::make_unique<DnsServer>(loop);
  other.set("web.test", {a("web.test", 60, "10.0.0.1")});
  const std::string servers = gone->address() + "," + other.address();
  gone.reset();
  open([&](Resolver::Options& options) {
    options.servers = servers;
    options.timeout_ms = 100;
  });
  const Asker asker = ask("web.test");
  EXPECT_EQ(asker.text(), "10.0.0.1:80/0/1");
  EXPECT_EQ(asker.missing(), "");
}

TEST_F(ResolverTest, NeedsNoTimeoutToSeeThatNobodyListens) {
  auto gone = std::make_unique<DnsServer>(loop);
  const std::string servers = gone->address();
  gone.reset();
  open([&](Resolver::Options& options) {
    options.servers = servers;
    options.timeout_ms = 60'000;
    options.tries = 3;
  });
  EXPECT_EQ(ask("_s.test", 0, Kind::Services).text(),
            "_s.test: no DNS server gave a usable answer");
}

TEST_F(ResolverTest, AsksOverTcpWhenTheAnswerIsTruncated) {
  std::vector<WireRecord> many;
  for (int i = 0; i < 200; ++i) many.push_back(a("web.test", 60, "10.0.0." + std::to_string(i)));
  server.set("web.test", many);
  server.on("web.test", DnsType::A).truncated = true;
  const Asker asker = ask("web.test");
  ASSERT_TRUE(*asker.answer);
  EXPECT_EQ((*asker.answer)->targets.size(), 200u);
  EXPECT_EQ(server.asked_over_tcp(), 1);
}

TEST_F(ResolverTest, TakesPlacePriorityAndWeightFromServices) {
  server.set("_http._tcp.test", {srv("_http._tcp.test", 40, 20, 0, 8003, "c.test"),
                                 srv("_http._tcp.test", 50, 10, 30, 8002, "b.test"),
                                 srv("_http._tcp.test", 50, 10, 70, 8001, "a.test")});
  server.set("a.test", {a("a.test", 60, "10.0.0.1"), aaaa("a.test", 60, "fd00::1")});
  server.set("b.test", {a("b.test", 60, "10.0.0.2")});
  server.set("c.test", {a("c.test", 60, "10.0.0.3")});
  const Asker asker = ask("_http._tcp.test", 0, Kind::Services);
  EXPECT_EQ(asker.text(),
            "10.0.0.1:8001/10/70 10.0.0.2:8002/10/30 [fd00::1]:8001/10/70 10.0.0.3:8003/20/1");
  EXPECT_EQ(asker.ttl(), 40u);
}

TEST_F(ResolverTest, GivesAnAddressOfTwoServicesItsBestPriorityAndWeight) {
  server.set("_s.test",
             {srv("_s.test", 50, 20, 90, 80, "a.test"), srv("_s.test", 50, 10, 30, 80, "b.test"),
              srv("_s.test", 50, 10, 40, 80, "a.test")});
  server.set("a.test", {a("a.test", 60, "10.0.0.1")});
  server.set("b.test", {a("b.test", 60, "10.0.0.1")});
  EXPECT_EQ(ask("_s.test", 0, Kind::Services).text(), "10.0.0.1:80/10/40");
}

TEST_F(ResolverTest, LeavesOutServicesWithoutAnAddress) {
  server.set("_s.test",
             {srv("_s.test", 50, 1, 1, 80, "a.test"), srv("_s.test", 50, 1, 1, 80, "absent.test")});
  server.set("a.test", {a("a.test", 60, "10.0.0.1")});
  const Asker asker = ask("_s.test", 0, Kind::Services);
  EXPECT_EQ(asker.text(), "10.0.0.1:80/1/1");
  EXPECT_EQ(asker.missing(), "");
}

TEST_F(ResolverTest, UnderstandsThatAServiceIsNotOffered) {
  server.set("_s.test", {srv("_s.test", 50, 0, 0, 0, "")});
  EXPECT_EQ(ask("_s.test", 0, Kind::Services).text(), "_s.test: the name has no addresses");
  EXPECT_EQ(server.asked(), 1);
}

TEST_F(ResolverTest, ResolvesServicesByTheHundred) {
  std::vector<WireRecord> services;
  for (unsigned i = 0; i < 250; ++i) {
    const std::string host = "h" + std::to_string(i) + ".test";
    services.push_back(srv("_s.test", 50, 1, 1, 80, host));
    server.set(host, {a(host, 60, "10.0.1." + std::to_string(i))});
  }
  server.set("_s.test", services);
  server.on("_s.test", DnsType::Srv).truncated = true;
  const Asker asker = ask("_s.test", 0, Kind::Services);
  ASSERT_TRUE(*asker.answer) << asker.text();
  EXPECT_EQ((*asker.answer)->targets.size(), 250u);
  EXPECT_EQ(asker.missing(), "");
}

TEST_F(ResolverTest, SaysThatThereAreMoreServicesThanItTakes) {
  std::vector<WireRecord> services;
  for (unsigned port = 1; port <= DnsLookup::kMaxServices + 1; ++port) {
    services.push_back(srv("_s.test", 50, 1, 1, port, "a.test"));
  }
  server.set("_s.test", services);
  server.on("_s.test", DnsType::Srv).truncated = true;
  server.set("a.test", {a("a.test", 60, "10.0.0.1")});
  const Asker asker = ask("_s.test", 0, Kind::Services);
  ASSERT_TRUE(*asker.answer) << asker.text();
  EXPECT_EQ((*asker.answer)->targets.size(), DnsLookup::kMaxServices);
  EXPECT_EQ((*asker.answer)->targets.back().address.port(), DnsLookup::kMaxServices);
  EXPECT_EQ(asker.missing(), "_s.test: has more than 512 services");
}

TEST_F(ResolverTest, PrefersTheHostsFile) {
  const std::string path = testing::TempDir() + "weir_hosts_" + std::to_string(getpid());
  std::ofstream(path) << "10.1.1.1 web.test\nfd00::1 other Web.test\n";
  open([&](Resolver::Options& options) { options.hosts_file = path; });
  server.set("web.test", {a("web.test", 60, "10.0.0.1")});
  EXPECT_EQ(ask("web.test").text(), "10.1.1.1:80/0/1 [fd00::1]:80/0/1");
  EXPECT_EQ(server.asked(), 0);
  std::remove(path.c_str());
}

TEST_F(ResolverTest, KnowsLocalhostWithoutAHostsFile) {
  EXPECT_EQ(ask("localhost").text(), "127.0.0.1:80/0/1 [::1]:80/0/1");
  EXPECT_EQ(server.asked(), 0);
}

TEST_F(ResolverTest, TakesLiteralAddressesAsTheyAre) {
  EXPECT_EQ(ask("10.0.0.9", 81).text(), "10.0.0.9:81/0/1");
  EXPECT_EQ(ask("fd00::9", 81).text(), "[fd00::9]:81/0/1");
  EXPECT_EQ(server.asked(), 0);
}

TEST_F(ResolverTest, CompletesShortNamesWithTheSearchDomains) {
  open([](Resolver::Options& options) { options.search = {"one.test", "two.test"}; });
  server.set("web.two.test", {a("web.two.test", 60, "10.0.0.2")});
  server.set("web", {a("web", 60, "10.0.0.3")});
  server.set("a.b", {a("a.b", 60, "10.0.0.4")});
  server.set("a.b.one.test", {a("a.b.one.test", 60, "10.0.0.5")});
  EXPECT_EQ(ask("web").text(), "10.0.0.2:80/0/1");
  EXPECT_EQ(server.asked("web.one.test", DnsType::A), 1);
  EXPECT_EQ(ask("web.").text(), "10.0.0.3:80/0/1");
  EXPECT_EQ(ask("a.b").text(), "10.0.0.4:80/0/1");
  EXPECT_EQ(server.asked("a.b.one.test", DnsType::A), 0);
}

TEST_F(ResolverTest, TakesBothFamiliesOfTheSameFullName) {
  open([](Resolver::Options& options) { options.search = {"one.test", "two.test"}; });
  server.set("web.one.test", {a("web.one.test", 60, "10.0.0.1")});
  server.set("web.two.test", {aaaa("web.two.test", 60, "fd00::2")});
  EXPECT_EQ(ask("web").text(), "10.0.0.1:80/0/1");
}

TEST_F(ResolverTest, DoesNotTryAnotherFullNameAfterAFailure) {
  open([](Resolver::Options& options) { options.search = {"one.test", "two.test"}; });
  server.on("web.one.test", DnsType::A).code = 2;
  server.set("web.two.test", {a("web.two.test", 60, "10.0.0.2")});
  EXPECT_EQ(ask("web").text(), "web: no DNS server gave a usable answer");
}

TEST_F(ResolverTest, RefusesNamesThatCannotBeAsked) {
  EXPECT_EQ(ask("a..b").text(), "a..b: not a valid name");
  EXPECT_EQ(ask(std::string(300, 'a')).text(), std::string(300, 'a') + ": not a valid name");
  EXPECT_FALSE(*ask("").answer);
  EXPECT_EQ(server.asked(), 0);
}

TEST_F(ResolverTest, RefusesServersThatAreNotAddresses) {
  Resolver::Options options;
  options.servers = "no such thing";
  const auto made = Resolver::create(loop, options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().origin, ErrorOrigin::Config);
}

TEST_F(ResolverTest, SaysNothingAfterALookupIsGone) {
  server.set("web.test", {a("web.test", 60, "10.0.0.1")});
  server.on("web.test", DnsType::A).held = true;
  Asker cancelled;
  start(cancelled, "web.test");
  ASSERT_TRUE(run_until(loop, [&] { return server.asked() == 2; }));
  cancelled.lookup.reset();
  server.release();
  server.on("web.test", DnsType::A).held = false;
  EXPECT_EQ(ask("web.test").text(), "10.0.0.1:80/0/1");
  EXPECT_EQ(cancelled.calls, 0);
}

TEST_F(ResolverTest, SaysNothingWhenALookupIsGoneBeforeItsFirstTurn) {
  Asker cancelled;
  start(cancelled, "10.0.0.1");
  cancelled.lookup.reset();
  ask("10.0.0.2");
  EXPECT_EQ(cancelled.calls, 0);
}

TEST_F(ResolverTest, FailsItsLookupsOnceWhenItGoes) {
  server.on("web.test", DnsType::A).silent = true;
  Asker waiting;
  Asker unasked;
  start(waiting, "web.test");
  ASSERT_TRUE(run_until(loop, [&] { return server.asked() == 2; }));
  start(unasked, "web.test");
  resolver.reset();
  EXPECT_EQ(waiting.calls + unasked.calls, 0);
  ASSERT_TRUE(run_until(loop, [&] { return waiting.calls != 0 && unasked.calls != 0; }));
  EXPECT_EQ(waiting.text(), "web.test: the resolver was shut down");
  EXPECT_EQ(unasked.text(), "web.test: the resolver was shut down");
  loop.run_once();
  EXPECT_EQ(waiting.calls, 1);
}

TEST_F(ResolverTest, MayGoInsideAnAnswer) {
  server.set("web.test", {a("web.test", 60, "10.0.0.1")});
  server.on("slow.test", DnsType::A).silent = true;
  Asker first;
  Asker second;
  first.then = [&] {
    first.lookup.reset();
    resolver.reset();
  };
  start(first, "web.test");
  start(second, "slow.test");
  ASSERT_TRUE(run_until(loop, [&] { return second.calls != 0; }));
  EXPECT_EQ(first.text(), "10.0.0.1:80/0/1");
  EXPECT_EQ(second.text(), "slow.test: the resolver was shut down");
}

TEST_F(ResolverTest, StartsTheNextLookupInsideAnAnswer) {
  server.set("web.test", {a("web.test", 60, "10.0.0.1")});
  Asker asker;
  asker.then = [&] {
    if (asker.calls < 3) start(asker, "web.test");
  };
  start(asker, "web.test");
  ASSERT_TRUE(run_until(loop, [&] { return asker.calls == 3; }));
  EXPECT_EQ(server.asked("web.test", DnsType::A), 3);
}

TEST_F(ResolverTest, AnswersManyLookupsAtOnce) {
  std::vector<Asker> askers(250);
  for (std::size_t i = 0; i < askers.size(); ++i) {
    const std::string name = "h" + std::to_string(i) + ".test";
    server.set(name, {a(name, 60, "10.0.2." + std::to_string(i))});
    start(askers[i], name);
  }
  ASSERT_TRUE(run_until(loop, [&] {
    return std::all_of(askers.begin(), askers.end(), [](const Asker& one) { return one.calls; });
  }));
  for (std::size_t i = 0; i < askers.size(); ++i) {
    EXPECT_EQ(askers[i].text(), "10.0.2." + std::to_string(i) + ":80/0/1");
  }
}

TEST_F(ResolverTest, RefusesARecordThatReachesBeyondTheMessage) {
  server.set("web.test", {a("web.test", 60, "10.0.0.1")});
  server.on("web.test", DnsType::A).mangle = [](std::string& reply) { reply.pop_back(); };
  EXPECT_EQ(ask("web.test").text(), "web.test: the DNS server sent a malformed answer");
}

// Every byte behind the question may be wrong; each lookup must still end.
TEST_F(ResolverTest, EndsWhateverTheServerSends) {
  open([](Resolver::Options& options) { options.timeout_ms = 5; });
  std::mt19937 random(20240607);
  const auto mangle = [&](std::string& reply) {
    const std::size_t behind_question = reply.find('\0', 12) + 5;
    for (int i = 0; i < 4 && behind_question < reply.size(); ++i) {
      reply[behind_question + random() % (reply.size() - behind_question)] =
          static_cast<char>(random());
    }
    if (random() % 4 == 0) reply.resize(random() % (reply.size() + 1));
    if (random() % 8 == 0 && reply.size() > 12)
      reply[2 + random() % 10] = static_cast<char>(random());
  };
  server.set("_s.test",
             {srv("_s.test", 50, 1, 1, 80, "a.test"), srv("_s.test", 5, 1, 1, 81, "b.test")});
  server.set("a.test", {a("a.test", 60, "10.0.0.1"), aaaa("a.test", 60, "fd00::1")});
  server.set("b.test", {a("b.test", 60, "10.0.0.2")});
  server.on("b.test", DnsType::A).answers.push_back(cname("b.test", 9, "c.test"));
  for (const char* name : {"a.test", "b.test"}) {
    server.on(name, DnsType::A).mangle = mangle;
    server.on(name, DnsType::Aaaa).mangle = mangle;
  }
  server.on("_s.test", DnsType::Srv).mangle = mangle;
  int good = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<Asker> askers(8);
    for (std::size_t i = 0; i < askers.size(); ++i) {
      start(askers[i], i % 2 == 0 ? "_s.test" : "b.test", 80,
            i % 2 == 0 ? Kind::Services : Kind::Addresses);
    }
    ASSERT_TRUE(run_until(loop, [&] {
      return std::all_of(askers.begin(), askers.end(), [](const Asker& one) { return one.calls; });
    }));
    for (const Asker& asker : askers) good += asker.answer->has_value() ? 1 : 0;
  }
  EXPECT_GT(good, 0);
}

}  // namespace
}  // namespace weir::net
