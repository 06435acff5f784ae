// What needs a process of its own: signals, and ends that leave something behind.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/server/server.h"
#include "tests/unit/core/server/echo_chain.h"
#include "tests/unit/core/server/running_server.h"

namespace weir::server {
namespace {

LoadedSnapshot greet(std::uint64_t number) {
  const std::string greeting = std::to_string(number);
  return {make_echo_snapshot(number, make_echo_chain("main", 1, greeting))};
}

// The exit status of a child that runs `body`, which returns whether all went well.
int status_of_child(const std::function<bool()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    _exit(body() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#define EXPECT_IN_CHILD(...) EXPECT_EQ(status_of_child(__VA_ARGS__), 0)

TEST(Process, DrainsOnSigterm) {
  EXPECT_IN_CHILD([] {
    RunningServer server(greet, ServerOptions());
    TestClient busy(server.address());
    if (busy.receive(1) != "1" || busy.ask("half a") != "half a") return false;
    kill(getpid(), SIGTERM);
    while (TestClient(server.address()).connected()) {
    }
    if (busy.ask(" line\n") != " line\n" || !busy.receive_rest().empty()) return false;
    busy.close();
    return server.ended().has_value();
  });
}

TEST(Process, EndsAtOnceOnASecondSignal) {
  EXPECT_IN_CHILD([] {
    RunningServer server(greet, ServerOptions());
    TestClient busy(server.address());
    if (busy.receive(1) != "1" || busy.ask("half a") != "half a") return false;
    kill(getpid(), SIGTERM);
    while (TestClient(server.address()).connected()) {
    }
    kill(getpid(), SIGINT);
    return busy.receive_rest().empty() && server.ended().has_value();
  });
}

TEST(Process, ReloadsOnSighup) {
  EXPECT_IN_CHILD([] {
    RunningServer server(greet, ServerOptions());
    if (TestClient(server.address()).receive(1) != "1") return false;
    kill(getpid(), SIGHUP);
    while (TestClient(server.address()).receive(1) != "2") {
    }
    return true;
  });
}

TEST(Process, WritesItsStateBeforeItLeavesTheBuilderBehind) {
  char folder[] = "/tmp/weir-process-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const std::filesystem::path later = std::filesystem::path(folder) / "later";
  EXPECT_IN_CHILD([&later] {
    std::promise<void> reading;
    std::promise<void> never;
    RunningServer server([&](std::uint64_t number) {
      if (number > 1) {
        reading.set_value();
        never.get_future().wait();
      }
      LoadedSnapshot loaded = greet(number);
      loaded.snapshot->state_file = later / "state.json";
      return loaded;
    });
    server->reload();
    reading.get_future().wait();
    // What could not be written until now is tried once more.
    std::filesystem::create_directory(later);
    server->end();
    (void)server.ended();
    return false;
  });
  EXPECT_TRUE(std::filesystem::exists(later / "state.json"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace weir::server
