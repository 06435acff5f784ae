#include <cstdlib>
#include <new>

#include "tests/unit/filters/router/proxy.h"

namespace {

// Blocks are pooled, but not under a sanitizer: they do not count.
bool counting = false;
std::size_t allocations = 0;

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  if (counting && size < weir::BlockPool::kBlockSize) ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace weir::test {
namespace {

class Allocation : public testing::Test {
 protected:
  static constexpr std::size_t kExchanges = 20;
  // A client's connection gives its list of slices back while it is idle.
  static constexpr std::size_t kByConnections = kExchanges;

  void SetUp() override {
    route::Route route;
    route.action = route::ToCluster{{{"c0", 1, 0}}, 1};
    std::vector<route::Route> routes;
    routes.push_back(std::move(route));
    proxy.start({cluster_of({origin.endpoint()}, "c0")}, std::move(routes));
    proxy.stop_observing();
  }
  void turn() {
    counting = true;
    world.worker().loop().run_once();
    counting = false;
  }
  // Allocations of the worker during one exchange.
  std::size_t exchange(Peer& client, Peer& peer, std::string_view request,
                       std::string_view response) {
    allocations = 0;
    client.send(request);
    for (std::size_t got = 0; got == 0; got = peer.drain()) turn();
    peer.send(response);
    for (std::size_t got = 0; got == 0; got = client.drain()) turn();
    for (int i = 0; i < 3; ++i) turn();
    return allocations;
  }
  // The same when all has been warmed up.
  std::size_t steady(std::string_view request, std::string_view response) {
    Peer client = proxy.connect();
    client.send(request);
    Peer peer = origin.accept();
    world.settle();
    peer.drain();
    peer.send(response);
    world.settle();
    client.drain();
    for (int i = 0; i < 50; ++i) exchange(client, peer, request, response);
    std::size_t all = 0;
    for (std::size_t i = 0; i < kExchanges; ++i) all += exchange(client, peer, request, response);
    return all;
  }

  World world;
  Origin origin{world};
  Proxy proxy{world};
};

TEST_F(Allocation, IsNotNeededForARequestInSteadyState) {
  EXPECT_LE(steady("GET /a HTTP/1.1\r\nhost: shop\r\naccept: */*\r\nuser-agent: test\r\n\r\n",
                   "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nserver: me\r\n\r\nhello"),
            kByConnections);
}

TEST_F(Allocation, IsNotNeededForARequestWithABody) {
  EXPECT_LE(steady("POST /a HTTP/1.1\r\nhost: shop\r\ncontent-length: 4\r\n\r\nbody",
                   "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
            kByConnections);
}

}  // namespace
}  // namespace weir::test
