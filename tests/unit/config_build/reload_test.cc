#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/build/config_source.h"

namespace weir::config {
namespace {

// A file that is written and loaded again and again, as a process does that is told to reload.
class Reload : public testing::Test {
 protected:
  using Connection = std::unique_ptr<filter::AcceptFilter>;

  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) /
            ("weir_reload_" + std::to_string(getpid()) +
             testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml");
    source_.emplace(ConfigInput{.paths = {path_.string()}});
  }
  void TearDown() override { std::filesystem::remove(path_); }

  // A Snapshot whose listeners `edge` and `other` have these accept filters.
  std::unique_ptr<server::Snapshot> load(const std::string& accept) {
    std::ofstream(path_) << "listeners:\n"
                            "  edge: { address: 127.0.0.1:1, accept: [ "
                         << accept
                         << " ], filters: [ { tcp_proxy: { cluster: a } } ] }\n"
                            "  other: { address: 127.0.0.1:2, accept: [ "
                         << accept
                         << " ], filters: [ { tcp_proxy: { cluster: a } } ] }\n"
                            "clusters: { a: { endpoints: [ 127.0.0.1:3 ] } }\n";
    server::LoadedSnapshot loaded = source_->load(++number_);
    for (const server::Problem& problem : loaded.problems) ADD_FAILURE() << problem.text;
    return std::move(loaded.snapshot);
  }

  // A connection that the first accept filter of the listener lets pass, or null.
  Connection connect(const server::Snapshot& snapshot, std::size_t listener = 0,
                     const char* client = "10.0.0.1:1000") {
    filter::ConnectionInfo info;
    info.client = info.peer = net::Address::parse(client).value();
    auto filter = snapshot.listeners.at(listener).accept.at(0).factory->create(reactor_, info);
    if (filter->on_accept(info) != filter::Verdict::Continue) return nullptr;
    return filter;
  }

  event::Reactor reactor_{0};
  std::filesystem::path path_;
  std::optional<ConfigSource> source_;
  std::uint64_t number_ = 0;
};

TEST_F(Reload, KeepsCountingTheConnectionsThatAreOpen) {
  auto before = load("{ connection_limit: { open: 2 } }");
  std::vector<Connection> open;
  open.push_back(connect(*before));
  open.push_back(connect(*before));
  const auto after = load("{ connection_limit: { open: 3 } }");
  before.reset();
  open.push_back(connect(*after));
  EXPECT_NE(open.back(), nullptr);
  EXPECT_EQ(connect(*after), nullptr);
  open.erase(open.begin());
  EXPECT_NE(connect(*after), nullptr);
}

TEST_F(Reload, KeepsCountingNewConnectionsAgainstTheirRate) {
  const auto before = load("{ connection_limit: { rate: 1/h, burst: 2 } }");
  EXPECT_NE(connect(*before), nullptr);
  EXPECT_NE(connect(*before), nullptr);
  const auto after = load("{ connection_limit: { rate: 2/h, burst: 3 } }");
  EXPECT_NE(connect(*after), nullptr);
  EXPECT_EQ(connect(*after), nullptr);
}

TEST_F(Reload, CountsEachListenerAndEachFilterByItself) {
  const auto before = load("{ connection_limit: { open: 1 } }");
  const Connection edge = connect(*before);
  EXPECT_NE(edge, nullptr);
  EXPECT_NE(connect(*before, 1), nullptr);
  const auto renamed = load("{ connection_limit: { open: 1 }, name: other }");
  EXPECT_NE(connect(*renamed), nullptr);
}

TEST_F(Reload, CountsFromZeroByAKeyThatChanged) {
  const auto before = load("{ connection_limit: { open: 1 } }");
  const Connection network = connect(*before, 0, "10.0.0.0:1000");
  EXPECT_NE(network, nullptr);
  const auto after =
      load("{ connection_limit: { open: 1, key: { client_ip: { prefix_v4: 24 } } } }");
  const Connection first = connect(*after);
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(connect(*after, 0, "10.0.0.2:1000"), nullptr);
}

TEST_F(Reload, ForgetsCountsThatNoSnapshotAndNoConnectionHolds) {
  auto before = load("{ connection_limit: { rate: 1/h, burst: 1 } }");
  EXPECT_NE(connect(*before), nullptr);
  const auto without = load("");
  before.reset();
  const auto after = load("{ connection_limit: { rate: 1/h, burst: 1 } }");
  EXPECT_NE(connect(*after), nullptr);
}

TEST_F(Reload, ChangesNothingForARunningSnapshotWhenItFails) {
  const auto running = load("{ connection_limit: { open: 2 } }");
  const Connection first = connect(*running);
  std::ofstream(path_) << "listeners: { edge: { address: 127.0.0.1:1, "
                          "accept: [ { connection_limit: { open: 1 } } ] } }\n";
  EXPECT_EQ(source_->load(++number_).snapshot, nullptr);
  const Connection second = connect(*running);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(connect(*running), nullptr);
}

}  // namespace
}  // namespace weir::config
