#include "core/server/admin.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "filters/network/http/http_codec.h"
#include "tests/unit/core/server/echo_chain.h"
#include "tests/unit/core/server/running_server.h"

namespace weir::server {
namespace {

using Json = nlohmann::json;

LoadedSnapshot with_admin(std::uint64_t number) {
  LoadedSnapshot loaded{make_echo_snapshot(number, make_echo_chain("main", 1))};
  loaded.snapshot->workers = 2;
  loaded.snapshot->admin.address = net::Address::parse("127.0.0.1:0").value();
  upstream::ClusterSpec cluster;
  cluster.name = "web";
  cluster.membership = upstream::StaticEndpoints{
      {.address = net::Address::parse("10.0.0.1:80").value(), .weight = 3, .labels = {}}};
  loaded.snapshot->clusters.add(std::move(cluster));
  return loaded;
}

ServerOptions options() {
  ServerOptions options = RunningServer::without_signals();
  options.make_http = filters::make_http_codec;
  options.version = "1.2.3";
  return options;
}

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

Answer ask(const net::Address& admin, const std::string& request_line,
           const std::string& fields = {}) {
  TestClient client(admin);
  client.send(request_line + " HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n" + fields + "\r\n");
  const std::string all = client.receive_rest();
  const std::size_t end = all.find("\r\n\r\n");
  if (all.size() < 12 || end == std::string::npos) return {};
  return {std::stoi(all.substr(9, 3)), all.substr(0, end), all.substr(end + 4)};
}

TEST(Admin, IsReadyUntilItDrains) {
  RunningServer server(with_admin, options());
  EXPECT_EQ(ask(server.listening().admin, "GET /ready").body, "ready\n");
  TestClient busy(server.address());
  EXPECT_EQ(busy.ask("half a"), "half a");
  server->drain();
  Answer answer;
  do {
    answer = ask(server.listening().admin, "GET /ready");
  } while (answer.status == 200);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "draining\n");
}

TEST(Admin, ListsItsPages) {
  RunningServer server(with_admin, options());
  const Answer answer = ask(server.listening().admin, "GET /");
  EXPECT_EQ(answer.status, 200);
  for (const char* page : {"/ready", "/metrics", "/clusters", "/connections"}) {
    EXPECT_NE(answer.body.find(page), std::string::npos) << answer.body;
  }
}

TEST(Admin, ShowsMetrics) {
  RunningServer server(with_admin, options());
  TestClient client(server.address());
  EXPECT_EQ(client.ask("hello\n"), "hello\n");
  const Answer answer = ask(server.listening().admin, "GET /metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.head.find("text/plain; version=0.0.4"), std::string::npos) << answer.head;
  const auto shows = [&answer](const char* line) {
    return answer.body.find(line) != std::string::npos;
  };
  EXPECT_TRUE(shows("weir_listener_connections_accepted_total{listener=\"echo\"} 1\n"));
  EXPECT_TRUE(shows("weir_listener_connections_open{listener=\"echo\"} 1\n"));
  EXPECT_TRUE(shows("weir_cluster_attempts_total{cluster=\"web\"} 0\n"));
}

TEST(Admin, ListsClustersWithTheirEndpoints) {
  RunningServer server(with_admin, options());
  const Answer text = ask(server.listening().admin, "GET /clusters");
  EXPECT_NE(text.body.find("web"), std::string::npos) << text.body;
  EXPECT_NE(text.body.find("10.0.0.1:80"), std::string::npos) << text.body;
  const Answer json = ask(server.listening().admin, "GET /clusters?json");
  const Json clusters = Json::parse(json.body);
  EXPECT_EQ(clusters.at(0).at("cluster"), "web");
  EXPECT_EQ(clusters.at(0).at("endpoints").at(0).at("endpoint"), "10.0.0.1:80");
  EXPECT_EQ(clusters.at(0).at("endpoints").at(0).at("weight"), 3);
  EXPECT_EQ(clusters.at(0).at("endpoints").at(0).at("state"), "up");
}

TEST(Admin, ListsTheConnectionsOfAllWorkers) {
  RunningServer server(with_admin, options());
  std::vector<TestClient> clients;
  for (int i = 0; i < 6; ++i) clients.emplace_back(server.address());
  for (TestClient& client : clients) EXPECT_EQ(client.ask("hello\n"), "hello\n");
  const Answer answer =
      ask(server.listening().admin, "GET /connections", "accept: application/json\r\n");
  const Json page = Json::parse(answer.body);
  EXPECT_EQ(page.at("connections").size(), 6u);
  EXPECT_EQ(page.at("cut"), false);
  EXPECT_EQ(page.at("silent_workers"), 0);
  for (const Json& row : page.at("connections")) {
    EXPECT_EQ(row.at("listener"), "echo");
    EXPECT_EQ(row.at("chain"), "main");
    EXPECT_EQ(row.at("bytes_in"), 6);
    EXPECT_EQ(row.at("bytes_out"), 6);
    EXPECT_EQ(row.at("state"), "open");
  }
}

TEST(Admin, SaysWhenThereAreMoreConnectionsThanAskedFor) {
  RunningServer server(with_admin, options());
  std::vector<TestClient> clients;
  for (int i = 0; i < 6; ++i) clients.emplace_back(server.address());
  for (TestClient& client : clients) EXPECT_EQ(client.ask("hello\n"), "hello\n");
  const Answer answer = ask(server.listening().admin, "GET /connections?limit=2&json");
  const Json page = Json::parse(answer.body);
  EXPECT_EQ(page.at("connections").size(), 2u);
  EXPECT_EQ(page.at("cut"), true);
}

// What a worker still held of the question was once destroyed there while the answer was written.
TEST(Admin, ListsConnectionsAsOftenAsAsked) {
  RunningServer server(with_admin, options());
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(ask(server.listening().admin, "GET /connections").status, 200);
  }
}

TEST(Admin, SaysWhatAParameterMayBe) {
  RunningServer server(with_admin, options());
  const std::pair<const char*, const char*> answers[] = {
      {"/connections?limit=a", "limit must be a number from 1 to 100000\n"},
      {"/connections?limit=", "limit must be a number from 1 to 100000\n"},
      {"/connections?limit=0", "limit must be a number from 1 to 100000\n"},
      {"/connections?limit=1x", "limit must be a number from 1 to 100000\n"},
      {"/connections?limit=99999999999999999999", "limit must be a number from 1 to 100000\n"},
      {"/connections?limti=1", "/connections has no parameter 'limti', did you mean 'limit'?\n"},
      {"/events?seconds=-1", "seconds must be a number from 0 to 1000000000\n"},
      {"/events?since=1", "/events has no parameter 'since': it must be json or seconds\n"},
      {"/ready?a", "/ready has no parameter 'a': it must be json\n"},
      {"/why?id=%1b%5b1m", "no request with the id '\\x1b[1m' is among the last that failed\n"},
      {"/overrides?yaml=no", "yaml has no value: write it alone, or leave it out\n"},
  };
  for (const auto& [target, text] : answers) {
    const Answer answer = ask(server.listening().admin, std::string("GET ") + target);
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_EQ(answer.body, text) << target;
  }
  for (const char* target :
       {"/ready?", "/ready?json", "/connections?limit=1&json",
        "/stats?prefix=", "/events?json&seconds=0", "/why?id=x%20y", "/overrides?yaml"}) {
    const int status = ask(server.listening().admin, std::string("GET ") + target).status;
    EXPECT_EQ(status, std::string_view(target).starts_with("/why") ? 400 : 200) << target;
  }
  const Answer json = ask(server.listening().admin, "GET /events?seconds=x&json");
  EXPECT_EQ(Json::parse(json.body).at("error"), "seconds must be a number from 0 to 1000000000");
}

TEST(Admin, OnlyReads) {
  RunningServer server(with_admin, options());
  const Answer answer = ask(server.listening().admin, "POST /ready", "content-length: 0\r\n");
  EXPECT_EQ(answer.status, 405);
  EXPECT_NE(answer.head.find("GET, HEAD"), std::string::npos);
  const Answer head = ask(server.listening().admin, "HEAD /ready");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(ask(server.listening().admin, "GET /nothing").status, 404);
}

TEST(Admin, ClosesTheOldestWhenThereAreTooMany) {
  RunningServer server(with_admin, options());
  std::vector<std::unique_ptr<TestClient>> silent;
  for (std::uint32_t i = 0; i < Admin::kMaxConnections + 10; ++i) {
    silent.push_back(std::make_unique<TestClient>(server.listening().admin));
  }
  EXPECT_EQ(ask(server.listening().admin, "GET /ready").status, 200);
  // One for each that came when the place was full, however many came at once.
  for (int i = 0; i < 10; ++i) EXPECT_EQ(silent[static_cast<std::size_t>(i)]->receive_rest(), "");
}

TEST(Admin, ClosesIdleClientsAtTheEnd) {
  RunningServer server(with_admin, options());
  TestClient idle(server.listening().admin);
  server->drain();
  EXPECT_EQ(idle.receive_rest(), "");
  EXPECT_TRUE(server.ended());
}

TEST(Admin, StopsListeningWhenAReloadTakesItAway) {
  RunningServer server(
      [](std::uint64_t number) {
        LoadedSnapshot loaded = with_admin(number);
        if (number > 1) loaded.snapshot->admin = {};
        return loaded;
      },
      options());
  EXPECT_EQ(ask(server.listening().admin, "GET /ready").status, 200);
  server->reload();
  while (TestClient(server.listening().admin).connected()) {
  }
}

}  // namespace
}  // namespace weir::server
