#pragma once

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/event/generation.h"
#include "core/net/resolver.h"
#include "core/net/socket.h"
#include "core/upstream/cluster_registry.h"
#include "core/upstream/cluster_table.h"
#include "core/upstream/local_clusters.h"

namespace weir::test {

// Workers and a control thread whose loops are all turned by the test, on its own thread.
class World {
 public:
  explicit World(unsigned workers = 1) {
    for (unsigned i = 0; i <= workers; ++i) {
      owned_.push_back(std::make_unique<event::Reactor>(i));
      reactors.all.push_back(owned_.back().get());
    }
    auto made = net::Resolver::create(control().loop(), {});
    resolver = std::move(*made);
    registry = std::make_unique<upstream::ClusterRegistry>(reactors, resolver.get());
  }
  ~World() {
    tables_.clear();
    registry.reset();
    resolver.reset();
    for (int i = 0; i < 10; ++i) turn();
  }

  event::Reactor& worker(unsigned index = 0) { return *owned_[index]; }
  event::Reactor& control() { return *owned_.back(); }

  void turn() {
    for (const auto& reactor : owned_) reactor->loop().run_once();
  }
  // Turns until `condition` holds; false when it does not within five seconds.
  bool until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      turn();
    }
    return true;
  }
  // Lets everything happen that is under way on this machine.
  void settle() {
    for (int i = 0; i < 20; ++i) turn();
  }

  // A Snapshot with these clusters takes over from the one before; the workers have yet to hear.
  void publish(std::vector<upstream::ClusterSpec> specs) {
    auto table = std::make_unique<upstream::ClusterTable>();
    for (auto& spec : specs) table->add(std::move(spec));
    registry->adopt(*table);
    tables_.push_back(std::move(table));
    if (tables_.size() > 1) tables_.erase(tables_.begin());
  }
  // The same until they have.
  upstream::ClusterTable& adopt(std::vector<upstream::ClusterSpec> specs) {
    publish(std::move(specs));
    settle();
    return *tables_.back();
  }
  upstream::LocalCluster& cluster(std::uint32_t index = 0, unsigned at = 0) {
    return worker(at).local<upstream::LocalClusters>().of(tables_.back()->at(index).state());
  }
  upstream::ClusterState& state(std::uint32_t index = 0) {
    return tables_.back()->at(index).state();
  }

  event::Reactors reactors;
  std::unique_ptr<net::Resolver> resolver;
  std::unique_ptr<upstream::ClusterRegistry> registry;

 private:
  std::vector<std::unique_ptr<event::Reactor>> owned_;
  std::vector<std::unique_ptr<upstream::ClusterTable>> tables_;
};

// One end of a TCP connection that the test plays by hand.
class Peer {
 public:
  Peer(World& world, net::Descriptor socket) : world_(&world), socket_(std::move(socket)) {}

  void send(std::string_view text) {
    const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    EXPECT_EQ(sent, static_cast<ssize_t>(text.size()));
  }
  // How many of the bytes were taken.
  std::size_t try_send(std::string_view text) {
    const ssize_t sent =
        ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }
  // Sends byte by byte, each in a segment of its own, until nobody wants more.
  void drip(std::string_view text) {
    for (const char& byte : text) {
      if (::send(socket_.get(), &byte, 1, MSG_NOSIGNAL) != 1) return;
      world_->turn();
      world_->turn();
    }
  }
  // What came, once `wanted` is at its end; what came so far when it never does.
  std::string read_until(std::string_view wanted) {
    std::string text = std::exchange(read_, {});
    EXPECT_TRUE(world_->until([&] {
      read_some(text);
      return text.find(wanted) != std::string::npos;
    })) << "got: "
        << text;
    const std::size_t at = text.find(wanted);
    if (at != std::string::npos) {
      read_ = text.substr(at + wanted.size());
      text.resize(at + wanted.size());
    }
    return text;
  }
  std::string read_head() { return read_until("\r\n\r\n"); }
  // Everything up to the end.
  std::string read_all() {
    std::string text = std::exchange(read_, {});
    EXPECT_TRUE(world_->until([&] {
      read_some(text);
      return ended_;
    })) << "got: "
        << text.substr(0, 200);
    return text;
  }
  // What is there now, without waiting.
  std::size_t drain() {
    std::string text;
    read_some(text);
    return text.size();
  }
  bool ended() {
    std::string text;
    read_some(text);
    read_ += text;
    return ended_;
  }
  bool was_reset() const { return reset_; }
  void shutdown() { ::shutdown(socket_.get(), SHUT_WR); }
  void close() { socket_ = net::Descriptor(); }
  // Closes with a reset.
  void reset() {
    const linger now{1, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }

 private:
  void read_some(std::string& text) {
    char bytes[65536];
    while (!ended_) {
      const ssize_t got = recv(socket_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
      if (got > 0) {
        text.append(bytes, static_cast<std::size_t>(got));
        continue;
      }
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      ended_ = true;
      reset_ = got < 0;
    }
  }

  World* world_;
  net::Descriptor socket_;
  std::string read_;
  bool ended_ = false;
  bool reset_ = false;
};

// An origin that the test plays by hand.
class Origin {
 public:
  explicit Origin(World& world, int backlog = 64) : world_(world) {
    address_ = *net::Address::parse("127.0.0.1:0");
    net::ListenOptions options;
    options.backlog = backlog;
    auto sockets = net::listen_on(address_, options);
    socket_ = std::move(sockets->front());
  }

  const net::Address& address() const { return address_; }
  upstream::EndpointSpec endpoint(std::uint32_t weight = 1) const {
    return {.address = address_, .weight = weight, .labels = {}};
  }
  Peer accept() {
    int descriptor = -1;
    EXPECT_TRUE(world_.until([&] {
      descriptor = try_accept();
      return descriptor >= 0;
    }));
    return Peer(world_, net::Descriptor(descriptor));
  }
  bool has_connection() {
    const int descriptor = try_accept();
    if (descriptor < 0) return false;
    ::close(descriptor);
    return true;
  }
  void close() { socket_ = net::Descriptor(); }

 private:
  int try_accept() {
    return accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  }

  World& world_;
  net::Address address_;
  net::Descriptor socket_;
};

inline upstream::ClusterSpec cluster_of(std::vector<upstream::EndpointSpec> endpoints,
                                        std::string name = "api") {
  upstream::ClusterSpec spec;
  spec.name = std::move(name);
  spec.membership = std::move(endpoints);
  return spec;
}

}  // namespace weir::test
