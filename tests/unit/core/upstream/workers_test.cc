#include <atomic>
#include <deque>
#include <map>
#include <thread>

#include <poll.h>

#include "tests/unit/core/upstream/client.h"
#include "tests/unit/core/upstream/world.h"

namespace weir::test {
namespace {

// An origin on a thread of its own that answers every request at once, and closes every so many
// connections.
class QuickOrigin {
 public:
  QuickOrigin() {
    address_ = *net::Address::parse("127.0.0.1:0");
    auto sockets = net::listen_on(address_, {});
    listener_ = std::move(sockets->front());
    thread_ = std::thread([this] { run(); });
  }
  ~QuickOrigin() {
    stop_ = true;
    thread_.join();
  }
  upstream::EndpointSpec endpoint() const { return {.address = address_, .labels = {}}; }
  std::uint64_t most_at_once() const { return most_; }

 private:
  void run() {
    std::map<int, int> answered;
    while (!stop_) {
      std::vector<pollfd> all{{listener_.get(), POLLIN, 0}};
      for (const auto& [descriptor, count] : answered) all.push_back({descriptor, POLLIN, 0});
      poll(all.data(), all.size(), 10);
      for (const pollfd& one : all) {
        if (one.revents == 0) continue;
        if (one.fd == listener_.get()) {
          const int accepted = accept4(one.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
          if (accepted >= 0) answered[accepted] = 0;
          if (answered.size() > most_) most_ = answered.size();
        } else if (!answer(one.fd) || ++answered[one.fd] % 7 == 0) {
          answered.erase(one.fd);
          ::close(one.fd);
        }
      }
    }
    for (const auto& [descriptor, count] : answered) ::close(descriptor);
  }
  static bool answer(int descriptor) {
    char request[4096];
    if (recv(descriptor, request, sizeof request, 0) <= 0) return false;
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    return ::send(descriptor, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL) > 0;
  }

  net::Address address_;
  net::Descriptor listener_;
  std::thread thread_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> most_{0};
};

// Sends one request after the other; a connection that closed under it is no answer, and tried
// again.
class Caller {
 public:
  Caller(upstream::LocalCluster& cluster, int requests) : cluster_(cluster), left_(requests) {
    next();
  }
  bool over() const { return left_ == 0; }
  int queue_timeouts = 0;

 private:
  struct Call final : Client, event::Deferred {
    using Client::Client;
  };

  void next() {
    call_ = std::make_unique<Call>(cluster_);
    call_->on_event = [this](std::string_view event) { look(event); };
    call_->begin();
  }
  void look(std::string_view event) {
    const bool answered = event == "end";
    if (!answered && event.find("failed") == event.npos && event.find("no_conn") == event.npos) {
      return;
    }
    if (event.find("queue_timeout") != event.npos) ++queue_timeouts;
    // From a turn of its own: this is a call of the exchange that ended.
    cluster_.reactor().loop().post([this, answered] {
      call_->attempt.end();
      cluster_.reactor().loop().retire(std::move(call_));
      if (answered) --left_;
      if (left_ > 0) next();
    });
  }

  upstream::LocalCluster& cluster_;
  std::unique_ptr<Call> call_;
  int left_;
};

constexpr int kWorkers = 3;
constexpr int kCallers = 8;
constexpr int kRequests = 60;

// Every request gets its turn, and at the end nothing is counted that is not there: the test of
// wake-ups between workers, best run under ThreadSanitizer.
void run_callers(const upstream::ClusterLimits& limits, upstream::EndpointLimits of_endpoint) {
  QuickOrigin one;
  QuickOrigin two;
  World world(kWorkers);
  auto spec = cluster_of({one.endpoint(), two.endpoint()});
  spec.limits = limits;
  spec.endpoint_limits = of_endpoint;
  world.adopt({spec});
  std::atomic<int> done{0};
  std::atomic<int> timeouts{0};
  std::vector<std::thread> threads;
  for (unsigned at = 0; at < kWorkers; ++at) {
    threads.emplace_back([&world, &done, &timeouts, at] {
      std::deque<Caller> callers;
      for (int i = 0; i < kCallers; ++i) callers.emplace_back(world.cluster(0, at), kRequests);
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      bool counted = false;
      while (done < kWorkers && std::chrono::steady_clock::now() < deadline) {
        world.worker(at).loop().run_once();
        const bool over =
            std::all_of(callers.begin(), callers.end(), [](auto& caller) { return caller.over(); });
        if (over && !counted) ++done;
        counted = over;
      }
      for (Caller& caller : callers) timeouts += caller.queue_timeouts;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, kWorkers);
  EXPECT_EQ(timeouts, 0);
  world.settle();
  EXPECT_EQ(world.state().requests.load(), 0u);
  EXPECT_EQ(world.state().waiting.load(), 0u);
  EXPECT_LE(world.state().connections.load(), limits.connections);
}

TEST(Workers, ShareFewRequestSlotsWithoutLosingAWakeUp) {
  run_callers({.connections = 1024, .requests = 2, .queue_timeout = upstream::Milliseconds(20'000)},
              {});
}

TEST(Workers, ShareFewConnectionsWithoutLosingAWakeUp) {
  run_callers({.connections = 2, .requests = 1024, .queue_timeout = upstream::Milliseconds(20'000)},
              {});
}

TEST(Workers, ShareLimitsOfEndpointsWithoutLosingAWakeUp) {
  run_callers({.connections = 4, .requests = 5, .queue_timeout = upstream::Milliseconds(20'000)},
              {.connections = 2, .requests = 2});
}

}  // namespace
}  // namespace weir::test
