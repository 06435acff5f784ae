#include "core/net/socket.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace weir::net {
namespace {

int connect_to(const Address& address) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_storage storage;
  const socklen_t size = address.to_sockaddr(storage);
  if (connect(client, reinterpret_cast<sockaddr*>(&storage), size) == 0) return client;
  close(client);
  return -1;
}

// Nothing listens there: the socket that held the port is closed.
// On an address that no other process of these tests uses.
Address free_address() {
  const int id = getpid();
  auto address = Address::parse("127.9." + std::to_string(id >> 8 & 255) + "." +
                                std::to_string(id & 255) + ":0")
                     .value();
  EXPECT_TRUE(listen_on(address, {}).has_value());
  return address;
}

TEST(Descriptor, CountsThoseThatAreOpen) {
  const std::size_t before = Descriptor::open();
  {
    Descriptor one(dup(0));
    EXPECT_EQ(Descriptor::open(), before + 1);
    Descriptor other = std::move(one);
    one = Descriptor(dup(0));
    EXPECT_EQ(Descriptor::open(), before + 2);
    ::close(other.release());
    EXPECT_EQ(Descriptor::open(), before + 1);
    EXPECT_FALSE(Descriptor(-1));
    EXPECT_EQ(Descriptor::open(), before + 1);
  }
  EXPECT_EQ(Descriptor::open(), before);
}

TEST(ListenOn, KeepsEveryConnectionFromTheFirstOn) {
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    Address address = free_address();
    std::atomic<bool> refused = false;
    std::atomic<bool> over = false;
    std::vector<int> clients;
    std::thread impatient([&] {
      while (!over) {
        const int client = connect_to(address);
        if (client >= 0) clients.push_back(client);
        refused = refused || client < 0;
      }
    });
    while (!refused) {
    }
    Address bound = address;
    const auto sockets = listen_on(bound, {.sockets = 4});
    over = true;
    impatient.join();
    EXPECT_TRUE(sockets.has_value());
    for (const int client : clients) {
      char byte;
      EXPECT_EQ(recv(client, &byte, 1, MSG_DONTWAIT), -1);
      EXPECT_EQ(errno, EAGAIN) << "in round " << round;
      close(client);
    }
    if (HasFailure()) break;
  }
}

TEST(ListenOn, SharesThePortBetweenItsSockets) {
  constexpr std::size_t kSockets = 4;
  auto address = Address::parse("127.0.0.1:0").value();
  const auto sockets = listen_on(address, {.sockets = kSockets});
  ASSERT_TRUE(sockets.has_value());
  ASSERT_EQ(sockets->size(), kSockets);
  // By the hash of its addresses a connection goes to any of them, the first included.
  std::vector<bool> reached(kSockets, false);
  for (int i = 0; i < 200; ++i) {
    const int client = connect_to(address);
    ASSERT_GE(client, 0);
    for (std::size_t j = 0; j < kSockets; ++j) {
      const Descriptor accepted(accept4(sockets->at(j).get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (accepted) reached[j] = true;
    }
    close(client);
  }
  EXPECT_EQ(reached, std::vector<bool>(kSockets, true));
}

TEST(ListenOn, RefusesAPortThatOthersListenOn) {
  auto address = Address::parse("127.0.0.1:0").value();
  const auto first = listen_on(address, {.sockets = 2});
  ASSERT_TRUE(first.has_value());
  const auto second = listen_on(address, {.sockets = 2});
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find(address.to_string()), std::string::npos);
}

// However near each other they begin, also on a port that was free a moment ago.
TEST(ListenOn, GivesAPortToOneOfTwoThatBeginAtOnce) {
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    const Address address = free_address();
    std::atomic<int> winners = 0;
    std::atomic<int> ready = 0;
    std::vector<Descriptor> kept[2];
    const auto begin = [&](std::vector<Descriptor>& mine) {
      Address bound = address;
      ++ready;
      while (ready < 2) {
      }
      auto sockets = listen_on(bound, {.sockets = 2});
      if (!sockets) return;
      ++winners;
      mine = std::move(*sockets);
    };
    std::thread other([&] { begin(kept[1]); });
    begin(kept[0]);
    other.join();
    ASSERT_EQ(winners, 1) << "in round " << round;
  }
}

}  // namespace
}  // namespace weir::net
