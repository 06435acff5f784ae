#include "core/server/server.h"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/net/socket.h"
#include "tests/unit/core/server/echo_chain.h"
#include "tests/unit/core/server/running_server.h"

namespace {

std::atomic<bool> out_of_descriptors{false};

}  // namespace

// Takes the place of the system's for this program, so that it can be without descriptors.
extern "C" int accept4(int socket, sockaddr* address, socklen_t* size, int flags) {
  if (out_of_descriptors.load()) {
    errno = EMFILE;
    return -1;
  }
  return static_cast<int>(syscall(SYS_accept4, socket, address, size, flags));
}

namespace weir::server {
namespace {

using std::chrono::milliseconds;

// Counts what is alive, and can be waited for.
class Alive {
 public:
  std::shared_ptr<void> token() {
    std::lock_guard lock(mutex_);
    ++count_;
    return std::shared_ptr<void>(this, [](void* self) { static_cast<Alive*>(self)->gone(); });
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ == count; });
  }
  int count() {
    std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  void gone() {
    std::lock_guard lock(mutex_);
    --count_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

LoadedSnapshot echo(std::uint64_t number) {
  return {make_echo_snapshot(number, make_echo_chain("main", 1))};
}

TEST(Server, ServesConnectionsOnSeveralWorkers) {
  RunningServer server([](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    loaded.snapshot->workers = 3;
    return loaded;
  });
  std::vector<TestClient> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(server.address());
  for (TestClient& client : clients) EXPECT_EQ(client.ask("hello\n"), "hello\n");
  for (TestClient& client : clients) EXPECT_EQ(client.ask("again\n"), "again\n");
}

TEST(Server, ClosesIdleConnectionsAndEndsWhenItDrains) {
  Alive alive;
  RunningServer server([&alive](std::uint64_t number) {
    return LoadedSnapshot{
        make_echo_snapshot(number, make_echo_chain("main", 1, {}, alive.token()))};
  });
  TestClient idle(server.address());
  EXPECT_EQ(idle.ask("hello\n"), "hello\n");
  server->drain();
  EXPECT_EQ(idle.receive_rest(), "");
  idle.close();
  EXPECT_TRUE(server.ended());
  EXPECT_EQ(alive.count(), 0);
}

TEST(Server, LetsABusyConnectionFinishWhenItDrains) {
  RunningServer server(echo);
  TestClient busy(server.address());
  EXPECT_EQ(busy.ask("half a"), "half a");
  server->drain();
  // Once new connections are refused the drain has begun.
  while (TestClient(server.address()).connected()) {
  }
  EXPECT_EQ(busy.ask(" line\n"), " line\n");
  EXPECT_EQ(busy.receive_rest(), "");
  busy.close();
  EXPECT_TRUE(server.ended());
}

TEST(Server, ServesWhoWaitedInTheQueueBeforeItDrains) {
  RunningServer server([](std::uint64_t number) {
    LoadedSnapshot loaded = {make_echo_snapshot(number, make_echo_chain("main", 1, "welcome\n"))};
    return loaded;
  });
  TestClient early(server.address());
  server->drain();
  EXPECT_EQ(early.receive_rest(), "welcome\n");
}

TEST(Server, ClosesWhatIsLeftAfterDrainTimeout) {
  RunningServer server([](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    loaded.snapshot->drain_timeout = milliseconds(20);
    return loaded;
  });
  TestClient busy(server.address());
  EXPECT_EQ(busy.ask("half a"), "half a");
  server->drain();
  EXPECT_EQ(busy.receive_rest(), "");
  EXPECT_TRUE(server.ended());
}

TEST(Server, ClosesEverythingAtOnceWhenItIsToldToEnd) {
  RunningServer server(echo);
  TestClient busy(server.address());
  EXPECT_EQ(busy.ask("half a"), "half a");
  server->drain();
  server->end();
  EXPECT_EQ(busy.receive_rest(), "");
  EXPECT_TRUE(server.ended());
}

TEST(Server, KeepsConnectionsOverAReloadThatLeavesTheirChainAsItIs) {
  Alive alive;
  RunningServer server([&alive](std::uint64_t number) {
    const std::string greeting = std::to_string(number) + "\n";
    return LoadedSnapshot{
        make_echo_snapshot(number, make_echo_chain("main", 7, greeting, alive.token()))};
  });
  TestClient old(server.address());
  EXPECT_EQ(old.receive(2), "1\n");
  server->reload();
  std::string greeting;
  while (greeting != "2\n") greeting = TestClient(server.address()).receive(2);
  EXPECT_EQ(old.ask("still here\n"), "still here\n");
  // What stands below HTTP belongs to the connection: its Snapshot goes when the connection does.
  EXPECT_EQ(alive.count(), 2);
  old.close();
  alive.wait_for(1);
}

TEST(Server, DrainsConnectionsWhoseChainChangedInAReload) {
  Alive alive;
  RunningServer server([&alive](std::uint64_t number) {
    return LoadedSnapshot{
        make_echo_snapshot(number, make_echo_chain("main", number, {}, alive.token()))};
  });
  TestClient idle(server.address());
  TestClient busy(server.address());
  EXPECT_EQ(idle.ask("hello\n"), "hello\n");
  EXPECT_EQ(busy.ask("half a"), "half a");
  server->reload();
  EXPECT_EQ(idle.receive_rest(), "");
  EXPECT_EQ(alive.count(), 2);
  EXPECT_EQ(busy.ask(" line\n"), " line\n");
  EXPECT_EQ(busy.receive_rest(), "");
  idle.close();
  busy.close();
  alive.wait_for(1);
  EXPECT_EQ(TestClient(server.address()).ask("new\n"), "new\n");
}

TEST(Server, DrainsAListenerThatIsGoneAndKeepsTheOthers) {
  RunningServer server([](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    if (number == 1) {
      loaded.snapshot->listeners.push_back(
          make_echo_listener("second", make_echo_chain("main", 1)));
    }
    return loaded;
  });
  TestClient stays(server.address(0));
  TestClient goes(server.address(1));
  EXPECT_EQ(stays.ask("hello\n"), "hello\n");
  EXPECT_EQ(goes.ask("hello\n"), "hello\n");
  server->reload();
  EXPECT_EQ(goes.receive_rest(), "");
  EXPECT_FALSE(TestClient(server.address(1)).connected());
  EXPECT_EQ(stays.ask("hello\n"), "hello\n");
  EXPECT_EQ(TestClient(server.address(0)).ask("new\n"), "new\n");
}

TEST(Server, EndsInTimeAlthoughAnOlderDrainHadMore) {
  RunningServer server([](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    if (number == 1) {
      loaded.snapshot->listeners.push_back(
          make_echo_listener("second", make_echo_chain("main", 1)));
    }
    return loaded;
  });
  TestClient busy(server.address(1));
  TestClient idle(server.address(1));
  EXPECT_EQ(busy.ask("half a"), "half a");
  EXPECT_EQ(idle.ask("hello\n"), "hello\n");
  server->reload();
  EXPECT_EQ(idle.receive_rest(), "");
  // It has 30 seconds from the reload; an end that drains for none has the last word.
  server->end();
  EXPECT_EQ(busy.receive_rest(), "");
  EXPECT_TRUE(server.ended());
}

TEST(Server, KeepsTheSocketOfAListenerThatGetsANewName) {
  RunningServer server([](std::uint64_t number) {
    auto snapshot = std::make_unique<Snapshot>();
    snapshot->number = number;
    snapshot->listeners.push_back(make_echo_listener(
        "name" + std::to_string(number), make_echo_chain("main", 1, std::to_string(number))));
    return LoadedSnapshot{std::move(snapshot)};
  });
  TestClient old(server.address());
  EXPECT_EQ(old.receive(1), "1");
  server->reload();
  EXPECT_EQ(old.receive_rest(), "");
  EXPECT_EQ(TestClient(server.address()).receive(1), "2");
}

TEST(Server, ChangesNothingWhenAReloadFails) {
  std::atomic<int> loads{0};
  RunningServer server([&loads](std::uint64_t number) {
    const int load = ++loads;
    if (load == 2)
      return LoadedSnapshot{nullptr, false, {Problem{"weir.yaml:1:1: error: this is a test"}}};
    const std::string greeting = std::to_string(load) + "\n";
    return LoadedSnapshot{make_echo_snapshot(number, make_echo_chain("main", 1, greeting))};
  });
  TestClient old(server.address());
  EXPECT_EQ(old.receive(2), "1\n");
  server->reload();
  while (loads.load() < 2) std::this_thread::yield();
  EXPECT_EQ(TestClient(server.address()).receive(2), "1\n");
  EXPECT_EQ(old.ask("still here\n"), "still here\n");
  server->reload();
  std::string greeting = "1\n";
  while (greeting == "1\n") greeting = TestClient(server.address()).receive(2);
  EXPECT_EQ(greeting, "3\n");
}

TEST(Server, ChangesNothingWhenAReloadAsksForAPortThatIsTaken) {
  net::Address taken = net::Address::parse("127.0.0.1:0").value();
  const auto holder = net::listen_on(taken, {});
  ASSERT_TRUE(holder);
  std::atomic<int> loads{0};
  RunningServer server([&](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    if (++loads > 1) {
      loaded.snapshot->listeners.push_back(
          make_echo_listener("second", make_echo_chain("main", 1)));
      loaded.snapshot->listeners.back().address = taken;
    }
    return loaded;
  });
  TestClient old(server.address());
  EXPECT_EQ(old.ask("hello\n"), "hello\n");
  server->reload();
  while (loads.load() < 2) std::this_thread::yield();
  EXPECT_EQ(old.ask("hello\n"), "hello\n");
  EXPECT_EQ(TestClient(server.address()).ask("new\n"), "new\n");
}

TEST(Server, SaysWhichAddressIsTakenWhenItCannotStart) {
  net::Address taken = net::Address::parse("127.0.0.1:0").value();
  const auto holder = net::listen_on(taken, {});
  ASSERT_TRUE(holder);
  RunningServer server([&taken](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    loaded.snapshot->listeners.front().address = taken;
    return loaded;
  });
  const auto ended = server.ended();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().origin, ErrorOrigin::System);
  EXPECT_NE(ended.error().message.find(taken.to_string()), std::string::npos)
      << ended.error().message;
}

TEST(Server, ReturnsAllProblemsOfAConfigurationThatCannotStart) {
  RunningServer server([](std::uint64_t) {
    return LoadedSnapshot{
        nullptr,
        false,
        {Problem{"weir.yaml:1:1: error: one"}, Problem{"weir.yaml:2:1: error: two"}}};
  });
  const auto ended = server.ended();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().origin, ErrorOrigin::Config);
  EXPECT_EQ(ended.error().message, "weir.yaml:1:1: error: one\nweir.yaml:2:1: error: two");
}

TEST(Server, PausesAcceptingWhileAListenerIsFull) {
  RunningServer server([](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    loaded.snapshot->listeners.front().max_connections = 1;
    return loaded;
  });
  TestClient first(server.address());
  EXPECT_EQ(first.ask("hello\n"), "hello\n");
  TestClient second(server.address());
  second.send("wait\n");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(first.ask("hello\n"), "hello\n");
  EXPECT_FALSE(second.something_came());
  first.close();
  EXPECT_EQ(second.receive(5), "wait\n");
}

TEST(Server, PausesAcceptingWithoutDescriptorsAndClosesNobody) {
  RunningServer server(echo);
  TestClient first(server.address());
  EXPECT_EQ(first.ask("hello\n"), "hello\n");
  out_of_descriptors = true;
  TestClient second(server.address());
  second.send("wait\n");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(first.ask("hello\n"), "hello\n");
  EXPECT_FALSE(second.something_came());
  out_of_descriptors = false;
  EXPECT_EQ(second.receive(5), "wait\n");
  EXPECT_EQ(first.ask("hello\n"), "hello\n");
}

TEST(Server, PausesAllListenersWhileTheProcessIsFull) {
  RunningServer server([](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    loaded.snapshot->max_connections = 1;
    loaded.snapshot->workers = 2;
    loaded.snapshot->listeners.push_back(make_echo_listener("second", make_echo_chain("main", 1)));
    return loaded;
  });
  TestClient first(server.address(0));
  EXPECT_EQ(first.ask("hello\n"), "hello\n");
  std::atomic<int> served{0};
  std::vector<std::thread> others;
  for (int i = 0; i < 16; ++i) {
    others.emplace_back([&server, &served, i] {
      TestClient client(server.address(i % 2));
      if (client.ask("wait\n") == "wait\n") served.fetch_add(1);
    });
  }
  EXPECT_EQ(first.ask("hello\n"), "hello\n");
  first.close();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(served.load(), 16);
}

TEST(Server, ListensOnAUnixSocketThatAllWorkersShare) {
  const std::string path = "/tmp/weir-server-test-" + std::to_string(getpid()) + ".sock";
  RunningServer server([&path](std::uint64_t number) {
    LoadedSnapshot loaded = echo(number);
    loaded.snapshot->workers = 2;
    loaded.snapshot->listeners.front().address = net::Address::parse(path).value();
    return loaded;
  });
  std::vector<TestClient> clients;
  for (int i = 0; i < 8; ++i) clients.emplace_back(server.address());
  for (TestClient& client : clients) EXPECT_EQ(client.ask("hello\n"), "hello\n");
  clients.clear();
  server->drain();
  EXPECT_TRUE(server.ended());
  EXPECT_NE(access(path.c_str(), F_OK), 0);
}

TEST(Server, ChoosesTheFirstChainThatMatchesTheClient) {
  RunningServer server([](std::uint64_t number) {
    filter::Chain elsewhere = make_echo_chain("elsewhere", 1, "elsewhere");
    elsewhere.match.client_ip.push_back(net::Cidr::parse("10.0.0.0/8").value());
    LoadedSnapshot loaded{make_echo_snapshot(number, std::move(elsewhere))};
    loaded.snapshot->listeners.front().chains.push_back(make_echo_chain("here", 1, "here"));
    return loaded;
  });
  EXPECT_EQ(TestClient(server.address()).receive(4), "here");
}

TEST(Server, ClosesAConnectionThatNoChainMatches) {
  RunningServer server([](std::uint64_t number) {
    filter::Chain elsewhere = make_echo_chain("elsewhere", 1);
    elsewhere.match.client_ip.push_back(net::Cidr::parse("10.0.0.0/8").value());
    return LoadedSnapshot{make_echo_snapshot(number, std::move(elsewhere))};
  });
  EXPECT_EQ(TestClient(server.address()).receive_rest(), "");
}

TEST(Server, ReloadsUnderLoadWithoutLosingAConnection) {
  Alive alive;
  RunningServer server([&alive](std::uint64_t number) {
    LoadedSnapshot loaded{
        make_echo_snapshot(number, make_echo_chain("main", 1, {}, alive.token()))};
    loaded.snapshot->workers = 2;
    return loaded;
  });
  std::atomic<bool> enough{false};
  std::atomic<int> lost{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!enough.load()) {
        TestClient client(server.address());
        for (int line = 0; line < 3; ++line) {
          if (client.ask("hello\n") != "hello\n") lost.fetch_add(1);
        }
      }
    });
  }
  for (int i = 0; i < 30; ++i) {
    server->reload();
    std::this_thread::yield();
  }
  enough = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lost.load(), 0);
  alive.wait_for(1);
  server->drain();
  EXPECT_TRUE(server.ended());
  EXPECT_EQ(alive.count(), 0);
}

}  // namespace
}  // namespace weir::server
