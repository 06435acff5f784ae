#include <gtest/gtest.h>

#include "tests/unit/config_build/load.h"

namespace weir::config {
namespace {

using namespace std::chrono_literals;

// A configuration that writes nothing that has a default.
const test::Loaded& bare() {
  static const test::Loaded loaded(R"(
listeners:
  web: { address: "127.0.0.1:8080", filters: [ http, { router: { routes: main } } ] }
  db: { address: "127.0.0.1:5432", filters: [ { tcp_proxy: { cluster: origin } } ] }
routes:
  main: [ { cluster: origin } ]
clusters:
  origin: { endpoints: [ "127.0.0.1:9000" ] }
)");
  return loaded;
}

TEST(Defaults, OfARequestHeadAre60KiBAnd100FieldsWithin10Seconds) {
  ASSERT_TRUE(bare().ok()) << bare().problems();
  const filter::HttpSettings& http = bare().chain().http->settings;
  EXPECT_EQ(http.max_request_head, 60u * 1024);
  EXPECT_EQ(http.max_request_headers, 100u);
  EXPECT_EQ(http.max_request_line, 8u * 1024);
  EXPECT_EQ(http.header_timeout, 10s);
}

TEST(Defaults, OfIdleTimes) {
  EXPECT_EQ(bare().chain().http->settings.connection_idle, 5min);
  EXPECT_EQ(bare().snapshot().clusters.at(0).spec->idle_timeout, 60s);
  EXPECT_EQ(bare().route(0).idle_timeout, 5min);
}

TEST(Defaults, OfARouteAre15SecondsToTheResponseHeadAndNoneInAll) {
  EXPECT_EQ(bare().route(0).timeout, 15s);
  EXPECT_EQ(bare().route(0).total_timeout, 0s);
  EXPECT_EQ(bare().route(0).retry.when, 0u);
  EXPECT_EQ(bare().route(0).upgrades, std::vector<std::string>{"websocket"});
}

TEST(Defaults, OfConnectingAndDrainingAndPeeking) {
  EXPECT_EQ(bare().snapshot().clusters.at(0).spec->connect_timeout, 5s);
  EXPECT_EQ(bare().snapshot().drain_timeout, 30s);
  EXPECT_EQ(bare().snapshot().listeners[0].peek_timeout, 3s);
}

TEST(Defaults, OfConnectionsAre10000PerListenerAndADescriptorShareOfTheProcess) {
  EXPECT_EQ(bare().snapshot().listeners[0].max_connections, 10'000u);
  EXPECT_FALSE(bare().snapshot().max_connections.has_value());
}

TEST(Defaults, OfOverloadAreHalfOfTheMemory200msOfDelayAndAllDescriptors) {
  const server::OverloadSpec& overload = bare().snapshot().overload;
  EXPECT_EQ(overload.memory->of(1'000), 500u);
  EXPECT_EQ(overload.loop_delay, 200ms);
  EXPECT_EQ(overload.descriptors->of(1'000), 1'000u);
}

TEST(Defaults, OfRetryBudgetsAre20PercentButAtLeast3) {
  EXPECT_EQ(bare().snapshot().clusters.at(0).spec->retry_budget.percent, 20);
  EXPECT_EQ(bare().snapshot().clusters.at(0).spec->retry_budget.least, 3u);
}

TEST(Defaults, NormalisePathsAndTrustNobody) {
  const filter::HttpSettings& http = bare().chain().http->settings;
  EXPECT_TRUE(http.normalize_path);
  EXPECT_TRUE(http.path.merge_slashes);
  EXPECT_EQ(http.path.escaped_slash, http::EscapedSlash::Reject);
  EXPECT_TRUE(http.trusted_proxies.empty());
  EXPECT_EQ(http.local_replies.reason, filter::LocalReplies::ReasonHeader::Trusted);
}

TEST(Defaults, BoundClustersAndTheirQueue) {
  const upstream::ClusterLimits& limits = bare().snapshot().clusters.at(0).spec->limits;
  EXPECT_EQ(limits.connections, 1024u);
  EXPECT_EQ(limits.requests, 1024u);
  EXPECT_EQ(limits.queue, 256u);
  EXPECT_EQ(limits.queue_timeout, 1s);
}

TEST(Defaults, LogExchangesAsJsonToStandardOutput) {
  ASSERT_EQ(bare().snapshot().access_logs.size(), 1u);
  EXPECT_EQ(bare().snapshot().access_logs[0].target, LogTarget::Kind::Stdout);
  EXPECT_EQ(bare().snapshot().access_logs[0].format, "");
  EXPECT_EQ(bare().snapshot().listeners[0].access_log, 0u);
}

TEST(Defaults, UseAWorkerForEachCoreAndHaveNoAdminAddress) {
  EXPECT_GE(bare().snapshot().workers, 1u);
  EXPECT_FALSE(bare().snapshot().admin.address.has_value());
  EXPECT_FALSE(bare().snapshot().admin.socket.has_value());
}

}  // namespace
}  // namespace weir::config
