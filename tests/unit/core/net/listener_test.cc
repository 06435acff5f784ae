#include "core/net/listener.h"

#include <cerrno>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/net/socket.h"

namespace weir::net {
namespace {

struct Taker final : Listener::Owner {
  void on_accept(Descriptor socket, const Address& peer) override {
    sockets.push_back(std::move(socket));
    last = peer;
    if (listener != nullptr && sockets.size() == full_at) listener->pause();
  }
  void on_accept_trouble(int code) override {
    ++troubles;
    trouble = code;
  }

  Listener* listener = nullptr;
  std::size_t full_at = SIZE_MAX;
  std::vector<Descriptor> sockets;
  Address last;
  int troubles = 0;
  int trouble = 0;
};

struct Front {
  Front() {
    auto address = Address::parse("127.0.0.1:0").value();
    auto made = listen_on(address, {});
    EXPECT_TRUE(made.has_value());
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    EXPECT_EQ(getsockname(made->front().get(), reinterpret_cast<sockaddr*>(&storage), &size), 0);
    where = Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size);
    listener = std::make_unique<Listener>(loop, std::move(made->front()), taker);
    taker.listener = listener.get();
  }
  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clients.push_back(start_connect(where).value());
    }
  }
  void run_until(std::size_t accepted) {
    for (int i = 0; i < 1'000 && taker.sockets.size() < accepted; ++i) loop.run_once();
  }

  event::Loop loop;
  Taker taker;
  Address where;
  std::unique_ptr<Listener> listener;
  std::vector<Descriptor> clients;
};

TEST(Listener, AcceptsAndNamesThePeer) {
  Front front;
  front.connect(1);
  front.run_until(1);
  ASSERT_EQ(front.taker.sockets.size(), 1u);
  sockaddr_storage storage;
  socklen_t size = sizeof storage;
  ASSERT_EQ(getsockname(front.clients[0].get(), reinterpret_cast<sockaddr*>(&storage), &size), 0);
  EXPECT_EQ(front.taker.last, Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size));
}

TEST(Listener, AcceptsABatchATurn) {
  Front front;
  front.connect(Listener::kBatch + 10);
  front.loop.run_once();
  EXPECT_EQ(front.taker.sockets.size(), static_cast<std::size_t>(Listener::kBatch));
  front.run_until(Listener::kBatch + 10);
  EXPECT_EQ(front.taker.sockets.size(), static_cast<std::size_t>(Listener::kBatch) + 10);
}

TEST(Listener, StopsInTheMiddleOfABatchWhenItsOwnerIsFull) {
  Front front;
  front.taker.full_at = 3;
  front.connect(10);
  for (int i = 0; i < 10; ++i) front.loop.run_once();
  EXPECT_EQ(front.taker.sockets.size(), 3u);
  // Nobody who waits is closed for it.
  front.taker.full_at = SIZE_MAX;
  front.listener->resume();
  front.run_until(10);
  EXPECT_EQ(front.taker.sockets.size(), 10u);
}

TEST(Listener, TakesTheQueueWhenItDrainsAndNothingAfterwards) {
  Front front;
  front.listener->pause();
  front.connect(100);
  front.listener->drain();
  EXPECT_EQ(front.taker.sockets.size(), 100u);
  front.connect(1);
  // A worker whose number of connections falls says so; a drained listener stays shut.
  front.listener->pause();
  front.listener->resume();
  for (int i = 0; i < 10; ++i) front.loop.run_once();
  EXPECT_EQ(front.taker.sockets.size(), 100u);
}

// In a process of its own, whose descriptors run out. Returns which expectation failed, or 0.
int run_out_of_descriptors() {
  Front front;
  const auto wait_for = [&front](std::size_t accepted) {
    for (int i = 0; i < 1'000 && front.taker.sockets.size() < accepted; ++i) {
      event::Timer tick(front.loop.timers(), nullptr, [](void*) {});
      tick.arm(5);
      front.loop.run_once(true);
    }
    return front.taker.sockets.size() == accepted;
  };
  front.connect(3);
  if (!wait_for(3)) return 1;
  front.connect(4);
  const int next_free = dup(0);
  close(next_free);
  const rlimit limit{static_cast<rlim_t>(next_free), static_cast<rlim_t>(next_free)};
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return 2;
  for (int i = 0; i < 10; ++i) front.loop.run_once();
  if (front.taker.sockets.size() != 3) return 3;
  if (front.taker.troubles != 1 || front.taker.trouble != EMFILE) return 4;
  // As descriptors come free, those who waited are accepted.
  front.taker.sockets.clear();
  if (!wait_for(3)) return 5;
  if (front.taker.troubles != 2) return 6;
  front.taker.sockets.clear();
  return wait_for(1) ? 0 : 7;
}

TEST(Listener, PausesWithoutDescriptorsAndGoesOn) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(run_out_of_descriptors());
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace weir::net
