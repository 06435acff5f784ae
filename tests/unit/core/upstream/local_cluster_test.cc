#include "core/upstream/local_cluster.h"

#include <deque>

#include "tests/unit/core/upstream/client.h"
#include "tests/unit/core/upstream/world.h"

namespace weir::test {
namespace {

constexpr std::string_view kEmptyResponse = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

class LocalCluster : public testing::Test {
 protected:
  upstream::ClusterSpec one_endpoint() { return cluster_of({origin.endpoint()}); }
  // One exchange from begin to end.
  void exchange(Client& client, Peer& peer) {
    client.begin();
    peer.read_head();
    peer.send(kEmptyResponse);
    ASSERT_TRUE(world.until([&] { return client.over(); }));
  }
  // The other end of a connection that has served one exchange.
  Peer idle_connection() {
    Client client(world.cluster());
    client.begin();
    Peer peer = origin.accept();
    peer.read_head();
    peer.send(kEmptyResponse);
    EXPECT_TRUE(world.until([&] { return client.over(); }));
    return peer;
  }
  // Nothing is counted that is not there.
  void expect_quiet(std::uint32_t connections) {
    world.settle();
    EXPECT_EQ(world.state().requests.load(), 0u);
    EXPECT_EQ(world.state().waiting.load(), 0u);
    EXPECT_EQ(world.state().connections.load(), connections);
    for (const auto& group : world.cluster().endpoints().groups) {
      for (const auto& member : group.members) EXPECT_EQ(member.state->requests.load(), 0u);
    }
  }

  World world{2};
  Origin origin{world};
};

TEST_F(LocalCluster, SaysThatAConnectionWasRefused) {
  Origin gone(world);
  gone.close();
  world.adopt({cluster_of({gone.endpoint()})});
  Client client(world.cluster());
  client.begin();
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "no_connection:connect_failed");
  EXPECT_EQ(world.cluster().counters().connections_failed.value(), 1u);
  expect_quiet(0);
}

TEST_F(LocalCluster, GivesUpOnAConnectionThatIsNotMadeInTime) {
  // The queue of this origin is full: it does not answer any more.
  Origin full(world, 0);
  std::deque<net::Descriptor> fill;
  for (int i = 0; i < 3; ++i) fill.push_back(*net::start_connect(full.address()));
  auto spec = cluster_of({full.endpoint()});
  spec.connect_timeout = upstream::Milliseconds(20);
  world.adopt({spec});
  Client client(world.cluster());
  client.begin();
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "no_connection:connect_timeout");
  EXPECT_EQ(world.cluster().counters().connect_timeouts.value(), 1u);
  expect_quiet(0);
}

TEST_F(LocalCluster, HasNoEndpointWhenAllAreDrained) {
  world.adopt({one_endpoint()});
  world.cluster().endpoints().groups[0].members[0].state->flags =
      upstream::EndpointState::kDraining;
  Client client(world.cluster());
  client.begin();
  EXPECT_EQ(client.events, "failed:no_endpoint");
  client.attempt.end();
  expect_quiet(0);
}

TEST_F(LocalCluster, AvoidsEndpointsThatWereTriedWhileThereAreOthers) {
  Origin other(world);
  world.adopt({cluster_of({origin.endpoint(), other.endpoint()})});
  for (int i = 0; i < 4; ++i) {
    Client first(world.cluster());
    first.begin();
    const upstream::EndpointState* const tried[] = {first.attempt.endpoint()};
    Client second(world.cluster());
    second.begin({.tried = tried});
    EXPECT_NE(second.attempt.endpoint(), tried[0]);
  }
  const upstream::EndpointState* both[2];
  for (int i = 0; i < 2; ++i) {
    both[i] = world.cluster().endpoints().groups[0].members[static_cast<std::size_t>(i)].state;
  }
  Client client(world.cluster());
  client.begin({.tried = both});
  EXPECT_NE(client.attempt.endpoint(), nullptr);
}

TEST_F(LocalCluster, ServesThoseWhoWaitInOrder) {
  auto spec = one_endpoint();
  spec.limits.requests = 1;
  world.adopt({spec});
  Client first(world.cluster());
  Client second(world.cluster());
  Client third(world.cluster());
  first.begin();
  second.begin();
  third.begin();
  EXPECT_TRUE(second.attempt.queued());
  EXPECT_TRUE(third.attempt.queued());
  Peer peer = origin.accept();
  for (Client* client : {&first, &second, &third}) {
    EXPECT_EQ(peer.read_head(), "GET / HTTP/1.1\r\nhost: origin\r\n\r\n");
    peer.send(kEmptyResponse);
    ASSERT_TRUE(world.until([&] { return client->over(); }));
  }
  EXPECT_EQ(third.events, "connected 200:end");
  EXPECT_GT(third.attempt.queue_us(), 0u);
  expect_quiet(1);
}

TEST_F(LocalCluster, RefusesMoreThanTheQueueHolds) {
  auto spec = one_endpoint();
  spec.limits.requests = 1;
  spec.limits.queue = 1;
  world.adopt({spec});
  Client first(world.cluster());
  Client second(world.cluster());
  Client third(world.cluster(0, 1));
  first.begin();
  second.begin();
  third.begin();
  EXPECT_EQ(third.events, "failed:queue_full");
  second.attempt.end();
  third.attempt.end();
  third.begin();
  EXPECT_TRUE(third.attempt.queued());
}

TEST_F(LocalCluster, LetsNobodyWaitLongerThanTheDeadline) {
  auto spec = one_endpoint();
  spec.limits.requests = 1;
  spec.limits.queue_timeout = upstream::Milliseconds(10);
  world.adopt({spec});
  Client first(world.cluster());
  Client second(world.cluster());
  first.begin();
  second.begin();
  ASSERT_TRUE(world.until([&] { return second.over(); }));
  EXPECT_EQ(second.events, "no_connection:queue_timeout");
  EXPECT_EQ(world.cluster().counters().queue_timeouts.value(), 1u);
  first.attempt.end();
  expect_quiet(0);
}

TEST_F(LocalCluster, LetsThoseWhoWaitKnowOfAShorterDeadline) {
  auto spec = one_endpoint();
  spec.limits.requests = 1;
  spec.limits.queue_timeout = upstream::Milliseconds(600'000);
  world.adopt({spec});
  Client first(world.cluster());
  Client second(world.cluster());
  Client third(world.cluster());
  first.begin();
  second.begin();
  spec.limits.queue_timeout = upstream::Milliseconds(10);
  world.adopt({spec});
  third.begin();
  ASSERT_TRUE(world.until([&] { return second.over() && third.over(); }));
  EXPECT_EQ(second.events, "no_connection:queue_timeout");
  EXPECT_EQ(third.events, "no_connection:queue_timeout");
  first.attempt.end();
  expect_quiet(0);
}

TEST_F(LocalCluster, MayBeLeftWhileWaiting) {
  auto spec = one_endpoint();
  spec.limits.requests = 1;
  world.adopt({spec});
  Client first(world.cluster());
  auto second = std::make_unique<Client>(world.cluster());
  Client third(world.cluster());
  first.begin();
  second->begin();
  third.begin();
  second.reset();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return third.over(); }));
  expect_quiet(1);
}

TEST_F(LocalCluster, CountsRequestsOverAllWorkers) {
  auto spec = one_endpoint();
  spec.limits.requests = 1;
  world.adopt({spec});
  Client here(world.cluster(0, 0));
  Client there(world.cluster(0, 1));
  here.begin();
  there.begin();
  EXPECT_TRUE(there.attempt.queued());
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return here.over(); }));
  Peer other = origin.accept();
  other.read_head();
  other.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return there.over(); }));
  expect_quiet(2);
}

TEST_F(LocalCluster, ServesWorkersThatWaitInTurn) {
  auto spec = one_endpoint();
  spec.limits.requests = 1;
  world.adopt({spec});
  std::string order;
  std::deque<Client> clients;
  for (const unsigned at : {0u, 0u, 0u, 1u, 1u}) {
    Client& client = clients.emplace_back(world.cluster(0, at));
    client.on_event = [&order, at](std::string_view event) {
      if (event == "connected" || event == "ready") order += at == 0 ? "a" : "b";
    };
    client.begin();
  }
  std::vector<Peer> peers;
  for (std::size_t done = 0; done < clients.size(); ++done) {
    ASSERT_TRUE(world.until([&] { return order.size() == done + 1; }));
    for (Client& client : clients) {
      if (client.over() || client.attempt.connection() == nullptr) continue;
      client.attempt.end();
      client.done = true;
      break;
    }
  }
  EXPECT_EQ(order, "ababa");
}

TEST_F(LocalCluster, ClosesAnIdleConnectionToOneEndpointForAnother) {
  Origin other(world);
  auto spec = cluster_of({origin.endpoint(), other.endpoint()});
  spec.limits.connections = 1;
  world.adopt({spec});
  Client first(world.cluster());
  first.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return first.over(); }));
  Client second(world.cluster());
  second.begin();
  Peer next = other.accept();
  EXPECT_EQ(peer.read_all(), "");
  next.read_head();
  next.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return second.over(); }));
  expect_quiet(1);
}

TEST_F(LocalCluster, GetsAnIdleConnectionOfAnotherWorkerClosed) {
  auto spec = one_endpoint();
  spec.limits.connections = 1;
  world.adopt({spec});
  Client here(world.cluster(0, 0));
  here.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return here.over(); }));
  EXPECT_EQ(world.state().connections.load(), 1u);
  Client there(world.cluster(0, 1));
  there.begin();
  EXPECT_TRUE(there.attempt.queued());
  Peer other = origin.accept();
  other.read_head();
  other.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return there.over(); }));
  EXPECT_EQ(there.events, "connected 200:end");
  expect_quiet(1);
}

TEST_F(LocalCluster, GivesTheConnectionSlotToAWorkerThatWaitsForIt) {
  auto spec = one_endpoint();
  spec.limits.connections = 1;
  world.adopt({spec});
  Client here(world.cluster(0, 0));
  here.begin();
  Peer peer = origin.accept();
  Client there(world.cluster(0, 1));
  there.begin();
  ASSERT_TRUE(there.attempt.queued());
  peer.read_head();
  peer.send(kEmptyResponse);
  Peer other = origin.accept();
  other.read_head();
  other.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return there.over(); }));
  EXPECT_EQ(peer.read_all(), "");
  expect_quiet(1);
}

TEST_F(LocalCluster, KeepsEndpointsUnderTheirOwnLimits) {
  Origin other(world);
  auto spec = cluster_of({origin.endpoint(), other.endpoint()});
  spec.endpoint_limits.requests = 1;
  world.adopt({spec});
  Client first(world.cluster(0, 0));
  Client second(world.cluster(0, 1));
  Client third(world.cluster(0, 0));
  first.begin();
  second.begin();
  third.begin();
  EXPECT_NE(first.attempt.endpoint(), second.attempt.endpoint());
  EXPECT_TRUE(third.attempt.queued());
  second.attempt.end();
  ASSERT_TRUE(world.until([&] { return third.attempt.endpoint() != nullptr; }));
}

TEST_F(LocalCluster, KeepsConnectionsOfAnEndpointUnderItsLimit) {
  auto spec = one_endpoint();
  spec.endpoint_limits.connections = 1;
  world.adopt({spec});
  Client here(world.cluster(0, 0));
  Client there(world.cluster(0, 1));
  here.begin();
  there.begin();
  EXPECT_TRUE(there.attempt.queued());
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  Peer other = origin.accept();
  other.read_head();
  other.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return there.over(); }));
  expect_quiet(1);
}

TEST_F(LocalCluster, UsesTheConnectionThatWasUsedLast) {
  world.adopt({one_endpoint()});
  Client a(world.cluster());
  Client b(world.cluster());
  a.begin();
  b.begin();
  Peer first = origin.accept();
  Peer second = origin.accept();
  first.read_head();
  second.read_head();
  first.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return a.over() || b.over(); }));
  second.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return a.over() && b.over(); }));
  Client c(world.cluster());
  exchange(c, second);
  expect_quiet(2);
}

TEST_F(LocalCluster, SendsWhatCannotBeSentAgainOnNoConnectionThatHasClosed) {
  world.adopt({one_endpoint()});
  Peer peer = idle_connection();
  // The loop does not turn between the end of the connection and the next request.
  peer.close();
  Client client(world.cluster());
  client.begin({.replayable = false});
  EXPECT_TRUE(client.attempt.connecting());
  Peer next = origin.accept();
  next.read_head();
  next.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  expect_quiet(1);
}

TEST_F(LocalCluster, UsesNoConnectionThatTheLoopKnowsToHaveBeenTouched) {
  world.adopt({one_endpoint()});
  Client first(world.cluster());
  Client second(world.cluster());
  first.begin();
  second.begin();
  Peer answering = origin.accept();
  Peer touched = origin.accept();
  answering.read_head();
  touched.read_head();
  touched.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return first.over() || second.over(); }));
  // One round hears of both: the turn of the answer, which comes first, begins two exchanges.
  std::vector<std::unique_ptr<Client>> more;
  Client& last = first.over() ? second : first;
  last.on_event = [&](std::string_view) {
    if (!more.empty()) return;
    for (int i = 0; i < 2; ++i) {
      more.push_back(std::make_unique<Client>(world.cluster()));
      more.back()->begin();
    }
  };
  answering.send(kEmptyResponse);
  touched.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-nobody-asked: 1\r\n\r\n");
  world.turn();
  ASSERT_EQ(more.size(), 2u);
  EXPECT_EQ(more[0]->events, "ready");
  EXPECT_TRUE(more[1]->attempt.connecting());
}

TEST_F(LocalCluster, ConnectsToAnEndpointThatLeavesWhileItsLastConnectionEnds) {
  world.adopt({one_endpoint()});
  Peer peer = idle_connection();
  peer.close();
  Origin other(world);
  world.publish({cluster_of({other.endpoint()})});
  Client client(world.cluster());
  client.begin({.replayable = false});
  Peer next = origin.accept();
  next.read_head();
  next.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  expect_quiet(0);
}

TEST_F(LocalCluster, ClosesConnectionsThatAreIdleForTooLong) {
  auto spec = one_endpoint();
  spec.idle_timeout = upstream::Milliseconds(10);
  world.adopt({spec});
  Client client(world.cluster());
  client.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(peer.read_all(), "");
  expect_quiet(0);
}

TEST_F(LocalCluster, ClosesIdleConnectionsByAShorterTimeoutOnceThereIsOne) {
  auto spec = one_endpoint();
  spec.idle_timeout = upstream::Milliseconds(600'000);
  world.adopt({spec});
  Peer peer = idle_connection();
  spec.idle_timeout = upstream::Milliseconds(10);
  world.adopt({spec});
  EXPECT_TRUE(world.until([&] { return peer.ended(); }));
  expect_quiet(0);
}

TEST_F(LocalCluster, SendsNoMoreThanSoManyRequestsOnAConnection) {
  auto spec = one_endpoint();
  spec.max_requests_per_connection = 2;
  world.adopt({spec});
  Client first(world.cluster());
  first.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return first.over(); }));
  Client second(world.cluster());
  second.begin();
  EXPECT_EQ(peer.read_head(), "GET / HTTP/1.1\r\nhost: origin\r\nconnection: close\r\n\r\n");
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return second.over(); }));
  EXPECT_EQ(peer.read_all(), "");
  expect_quiet(0);
}

TEST_F(LocalCluster, PutsAConnectionInThePoolWhenNobodyWaitsForItAnyMore) {
  world.adopt({one_endpoint()});
  {
    Client client(world.cluster());
    client.begin();
    EXPECT_TRUE(client.attempt.connecting());
  }
  Peer peer = origin.accept();
  ASSERT_TRUE(
      world.until([&] { return world.cluster().counters().connections_idle.value() == 1; }));
  Client client(world.cluster());
  exchange(client, peer);
  EXPECT_FALSE(client.attempt.reused() && client.has("failed"));
  expect_quiet(1);
}

TEST_F(LocalCluster, DrainsTheConnectionsOfAnEndpointThatLeft) {
  Origin other(world);
  world.adopt({cluster_of({origin.endpoint()})});
  Client idle(world.cluster());
  Client busy(world.cluster());
  idle.begin();
  busy.begin();
  Peer first = origin.accept();
  Peer second = origin.accept();
  first.read_head();
  second.read_head();
  first.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return idle.over() || busy.over(); }));
  Client& waiting = idle.over() ? busy : idle;
  world.adopt({cluster_of({other.endpoint()})});
  EXPECT_EQ(first.read_all(), "");
  EXPECT_FALSE(second.ended());
  second.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return waiting.over(); }));
  EXPECT_EQ(second.read_all(), "");
  EXPECT_EQ(waiting.events, "connected 200:end");
  expect_quiet(0);
}

TEST_F(LocalCluster, KeepsConnectionsOverAReloadThatChangesNothingOfThem) {
  world.adopt({one_endpoint()});
  Client first(world.cluster());
  first.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return first.over(); }));
  auto spec = one_endpoint();
  spec.limits.requests = 7;
  world.adopt({spec});
  Client second(world.cluster());
  exchange(second, peer);
  EXPECT_TRUE(second.attempt.reused());
}

TEST_F(LocalCluster, DropsConnectionsThatAReloadWouldMakeInAnotherWay) {
  world.adopt({one_endpoint()});
  Client first(world.cluster());
  first.begin();
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return first.over(); }));
  auto spec = one_endpoint();
  spec.proxy_protocol = upstream::ProxyProtocol::V1;
  world.adopt({spec});
  EXPECT_EQ(peer.read_all(), "");
}

TEST_F(LocalCluster, SharesAConnectionWithAProxyHeaderOnlyWithItsClient) {
  auto spec = one_endpoint();
  spec.proxy_protocol = upstream::ProxyProtocol::V1;
  world.adopt({spec});
  const net::Address alice = *net::Address::parse("1.1.1.1:1");
  const net::Address bob = *net::Address::parse("2.2.2.2:2");
  const net::Address local = *net::Address::parse("3.3.3.3:80");
  Client first(world.cluster());
  first.begin({.client = &alice, .local = &local});
  Peer peer = origin.accept();
  EXPECT_EQ(peer.read_head(),
            "PROXY TCP4 1.1.1.1 3.3.3.3 1 80\r\nGET / HTTP/1.1\r\nhost: origin\r\n\r\n");
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return first.over(); }));
  Client second(world.cluster());
  second.begin({.client = &bob, .local = &local});
  EXPECT_TRUE(second.attempt.connecting());
  Client third(world.cluster());
  third.begin({.client = &alice, .local = &local});
  EXPECT_EQ(third.events, "ready");
}

TEST_F(LocalCluster, AllowsRetriesByBudget) {
  auto spec = one_endpoint();
  spec.retry_budget = {.percent = 50, .least = 1};
  world.adopt({spec});
  EXPECT_TRUE(world.cluster().begin_retry());
  EXPECT_FALSE(world.cluster(0, 1).begin_retry());
  std::deque<Client> active;
  for (int i = 0; i < 4; ++i) active.emplace_back(world.cluster()).begin();
  EXPECT_TRUE(world.cluster().begin_retry());
  EXPECT_FALSE(world.cluster().begin_retry());
  world.cluster().end_retry();
  EXPECT_TRUE(world.cluster().begin_retry());
  EXPECT_EQ(world.cluster().counters().retry_budget_exhausted.value(), 1u);
  world.cluster().end_retry();
  world.cluster().end_retry();
}

TEST_F(LocalCluster, LetsRequestsWaitForTheFirstAnswerOfDns) {
  auto spec = one_endpoint();
  spec.membership = upstream::DnsEndpoints{"127.0.0.1", origin.address().port()};
  auto table = std::make_unique<upstream::ClusterTable>();
  table->add(spec);
  world.registry->adopt(*table);
  auto& locals = world.worker().local<upstream::LocalClusters>();
  const std::uint32_t slot = table->at(0).state().slot;
  world.worker().loop().run_once();       // the cluster is known, its members are not
  EXPECT_EQ(locals.find(slot), nullptr);  // before anybody uses it here
  Client client(locals.of(table->at(0).state()));
  client.begin();
  EXPECT_TRUE(client.attempt.queued());
  Peer peer = origin.accept();
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  EXPECT_EQ(client.events, "connected 200:end");
  table.reset();
  world.settle();
  EXPECT_EQ(locals.find(slot), nullptr);
}

TEST_F(LocalCluster, IsGoneWhenNoSnapshotNamesItAndNothingIsUnderWay) {
  world.adopt({one_endpoint()});
  Client client(world.cluster());
  client.begin();
  Peer peer = origin.accept();
  auto& locals = world.worker().local<upstream::LocalClusters>();
  const std::uint32_t slot = world.state().slot;
  world.adopt({cluster_of({origin.endpoint()}, "other")});
  EXPECT_EQ(world.registry->find("api"), nullptr);
  EXPECT_NE(locals.find(slot), nullptr);
  peer.read_head();
  peer.send(kEmptyResponse);
  ASSERT_TRUE(world.until([&] { return client.over(); }));
  ASSERT_TRUE(world.until([&] { return locals.find(slot) == nullptr; }));
  EXPECT_EQ(peer.read_all(), "");
}

}  // namespace
}  // namespace weir::test
