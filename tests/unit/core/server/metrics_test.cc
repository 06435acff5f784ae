#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "core/server/cluster_counts.h"
#include "core/server/metrics_registry.h"
#include "core/server/metrics_text.h"

namespace weir::server {
namespace {

std::size_t bucket_by_search(std::uint64_t us) {
  return static_cast<std::size_t>(std::ranges::lower_bound(kLatencyBounds, us) -
                                  kLatencyBounds.begin());
}

bool has_line(const std::string& text, std::string_view line) {
  return text.find("\n" + std::string(line) + "\n") != std::string::npos;
}

TEST(Histogram, FindsTheBucketThatASearchOfTheBoundsFinds) {
  for (std::uint64_t us = 0; us < 300'000; ++us) {
    ASSERT_EQ(LatencyCells::bucket_of(us), bucket_by_search(us)) << us;
  }
  for (const std::uint64_t bound : kLatencyBounds) {
    for (const std::uint64_t us : {bound - 1, bound, bound + 1}) {
      ASSERT_EQ(LatencyCells::bucket_of(us), bucket_by_search(us)) << us;
    }
  }
  for (unsigned power = 0; power < 64; ++power) {
    const std::uint64_t us = std::uint64_t{1} << power;
    ASSERT_EQ(LatencyCells::bucket_of(us), bucket_by_search(us)) << us;
    ASSERT_EQ(LatencyCells::bucket_of(us - 1), bucket_by_search(us - 1)) << us - 1;
  }
  EXPECT_EQ(LatencyCells::bucket_of(UINT64_MAX), kLatencyBounds.size());
}

TEST(Histogram, TellsQuantilesByTheirBounds) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile_us(0.5), 0u);
  for (int i = 0; i < 90; ++i) histogram.observe(950);
  for (int i = 0; i < 10; ++i) histogram.observe(70'000);
  EXPECT_EQ(histogram.quantile_us(0.0), 1'000u);
  EXPECT_EQ(histogram.quantile_us(0.9), 1'000u);
  EXPECT_EQ(histogram.quantile_us(0.91), 80'000u);
  EXPECT_EQ(histogram.quantile_us(1.0), 80'000u);
  histogram.observe(500'000'000);
  EXPECT_EQ(histogram.quantile_us(1.0), 120'000'000u);
  EXPECT_EQ(histogram.sum_us(), 90u * 950 + 10 * 70'000 + 500'000'000);
}

TEST(ListenerMetrics, CountsAnExchangeByStatusReasonBytesAndDuration) {
  ListenerMetrics metrics;
  filter::ExchangeRecord record;
  record.status = 503;
  record.why = filter::Reason::NoEndpoint;
  record.bytes_in = 100;
  record.bytes_out = 200;
  record.us.total = 1'500;
  metrics.on_exchange(record);
  record.status = 0;
  record.why = filter::Reason::ClientReset;
  metrics.on_exchange(record);
  EXPECT_EQ(metrics.requests[5].value(), 1u);
  EXPECT_EQ(metrics.requests[0].value(), 1u);
  EXPECT_EQ(metrics.reasons[static_cast<std::size_t>(filter::Reason::NoEndpoint)].value(), 1u);
  EXPECT_EQ(metrics.bytes_out.value(), 400u);
  EXPECT_EQ(metrics.duration.count(LatencyCells::bucket_of(1'500)), 2u);
}

TEST(MetricsRegistry, AddsUpTheBlocksOfAllWorkers) {
  MetricsRegistry registry(3);
  const auto use = registry.clusters().use("api");
  for (std::size_t i = 0; i < 3; ++i) {
    use.of(i).attempts.add(10 + i);
    use.of(i).first_byte.observe(2'000);
  }
  use.of(0).requests_active.add(-2);  // begun on another worker's count
  use.of(1).requests_active.add(3);
  const std::string text = registry.render();
  EXPECT_TRUE(has_line(text, R"(weir_cluster_attempts_total{cluster="api"} 33)"));
  EXPECT_TRUE(has_line(text, R"(weir_cluster_requests_active{cluster="api"} 1)"));
  EXPECT_TRUE(
      has_line(text, R"(weir_cluster_first_byte_seconds_bucket{cluster="api",le="0.001"} 0)"));
  EXPECT_TRUE(
      has_line(text, R"(weir_cluster_first_byte_seconds_bucket{cluster="api",le="0.0025"} 3)"));
  EXPECT_TRUE(
      has_line(text, R"(weir_cluster_first_byte_seconds_bucket{cluster="api",le="+Inf"} 3)"));
  EXPECT_TRUE(has_line(text, R"(weir_cluster_first_byte_seconds_sum{cluster="api"} 0.006)"));
  EXPECT_TRUE(has_line(text, R"(weir_cluster_first_byte_seconds_count{cluster="api"} 3)"));
}

TEST(MetricsRegistry, LetsNoCounterGoBackwardsWhenAnObjectGoesAndComesBack) {
  MetricsRegistry registry(2);
  {
    const auto old = registry.listeners().use("edge");
    old.of(0).accepted.add(5);
    old.of(1).accepted.add(1);
    old.of(1).duration.observe(70);
  }
  EXPECT_TRUE(has_line(registry.render(),
                       R"(weir_listener_connections_accepted_total{listener="edge"} 6)"));
  const auto anew = registry.listeners().use("edge");
  EXPECT_EQ(anew.of(0).accepted.value(), 0u);
  anew.of(0).accepted.add(1);
  const std::string text = registry.render();
  EXPECT_TRUE(has_line(text, R"(weir_listener_connections_accepted_total{listener="edge"} 7)"));
  EXPECT_TRUE(has_line(text, R"(weir_listener_request_duration_seconds_count{listener="edge"} 1)"));
}

TEST(MetricsRegistry, SharesBlocksBetweenUsesThatOverlap) {
  MetricsRegistry registry(1);
  auto first = registry.clusters().use("api");
  auto second = registry.clusters().use("api");
  EXPECT_EQ(&first.of(0), &second.of(0));
  first = {};
  second.of(0).retries.add();
  EXPECT_TRUE(has_line(registry.render(), R"(weir_cluster_retries_total{cluster="api"} 1)"));
}

TEST(ClusterCounts, CarriesOverWhatIsCountedUntilTheClusterIsGone) {
  MetricsRegistry metrics(1);
  auto state = std::make_shared<upstream::CountersByReactor>(2);
  ClusterCounts counts(state, metrics.clusters().use("c"));
  state->of(0).attempts.add(3);
  state->of(0).requests_active.add(2);
  EXPECT_TRUE(counts.update());
  // A cluster of the same name that follows it counts beside it.
  auto next = std::make_shared<upstream::CountersByReactor>(2);
  ClusterCounts next_counts(next, metrics.clusters().use("c"));
  next->of(0).attempts.add(10);
  next->of(0).requests_active.add(1);
  EXPECT_TRUE(next_counts.update());
  const MetricsTable<ClusterMetrics>::Use use = metrics.clusters().use("c");
  EXPECT_EQ(use.of(0).attempts.value(), 13u);
  EXPECT_EQ(use.of(0).requests_active.value(), 3);
  state->of(0).attempts.add(1);
  state->of(0).requests_active.add(-2);
  state.reset();
  EXPECT_FALSE(counts.update());
  EXPECT_EQ(use.of(0).attempts.value(), 14u);
  EXPECT_EQ(use.of(0).requests_active.value(), 1);
}

TEST(MetricsTable, ForgetsTheOldestOfTooManyThatAreGone) {
  MetricsTable<ClusterMetrics> table(1);
  const auto kept = table.use("kept");
  const std::size_t most = MetricsTable<ClusterMetrics>::kMaxGone;
  for (std::size_t i = 0; i < most + 10; ++i) {
    table.use("gone-" + std::to_string(i)).of(0).attempts.add();
  }
  EXPECT_EQ(table.size(), most + 1);
  std::vector<std::string> names;
  ClusterMetrics sum;
  table.each([&](std::string_view name) -> ClusterMetrics& {
    names.emplace_back(name);
    return sum;
  });
  EXPECT_EQ(std::ranges::count(names, "kept"), 1);
  EXPECT_EQ(std::ranges::count(names, "gone-0"), 0);
  EXPECT_EQ(std::ranges::count(names, "gone-10"), 1);
  EXPECT_EQ(sum.attempts.value(), most);
}

TEST(MetricsRegistry, SaysWhatTheControlThreadKnowsOfTheProcess) {
  MetricsRegistry registry(2);
  ProcessMetrics& process = registry.process();
  process.version = "0.1.0";
  process.uptime_us = 61'500'000;
  process.snapshot = 7;
  process.reloads_ok = 6;
  process.reloads_failed = 1;
  process.logs["main"] = {100, 5, 1};
  registry.worker(1).loop_delay_us.set(1'250);
  registry.worker(1).block_bytes.set(16'384);
  registry.worker(1).pressure.set(2);
  registry.worker(1).loop_pressure.set(2);
  registry.worker(1).shed.add(3);
  process.memory = {.used = 500, .limit = 1'000, .pressure = Pressure::High};
  process.descriptors = {.used = 7};
  const std::string text = registry.render();
  EXPECT_TRUE(has_line(text, R"(weir_info{version="0.1.0"} 1)"));
  EXPECT_TRUE(has_line(text, "weir_uptime_seconds 61.5"));
  EXPECT_TRUE(has_line(text, "weir_snapshot_version 7"));
  EXPECT_TRUE(has_line(text, R"(weir_reloads_total{result="failed"} 1)"));
  EXPECT_TRUE(has_line(text, R"(weir_access_log_lines_dropped_total{log="main"} 5)"));
  EXPECT_TRUE(has_line(text, R"(weir_worker_loop_delay_seconds{worker="1"} 0.00125)"));
  EXPECT_TRUE(has_line(text, R"(weir_worker_block_bytes{worker="1"} 16384)"));
  EXPECT_TRUE(has_line(text, R"(weir_worker_pressure{worker="1"} 2)"));
  EXPECT_TRUE(has_line(text, R"(weir_overload_reset_total{worker="1"} 3)"));
  EXPECT_TRUE(has_line(text, "weir_memory_bytes 500"));
  EXPECT_TRUE(has_line(text, "weir_memory_limit_bytes 1000"));
  EXPECT_TRUE(has_line(text, R"(weir_pressure{resource="memory"} 1)"));
  EXPECT_TRUE(has_line(text, R"(weir_pressure{resource="loop_delay"} 2)"));
  EXPECT_TRUE(has_line(text, "weir_descriptors_open 7"));
  EXPECT_EQ(text.find("weir_descriptors_limit"), std::string::npos);
}

TEST(MetricsRegistry, KeepsEachFamilyTogetherBehindItsHelpAndType) {
  MetricsRegistry registry(1);
  const auto a = registry.listeners().use("a");
  const auto b = registry.listeners().use("b");
  const auto c = registry.clusters().use("c");
  const std::string text = registry.render();
  std::vector<std::string> families;
  std::string family;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = text.find('\n', from);
    const std::string line = text.substr(from, end - from);
    from = end + 1;
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_EQ(std::ranges::count(families, family), 0) << family;
      families.push_back(family);
    } else if (line.starts_with("# TYPE ")) {
      EXPECT_TRUE(line.starts_with("# TYPE " + family + ' ')) << line;
      EXPECT_EQ(line.ends_with(" counter"), family.ends_with("_total")) << line;
    } else {
      EXPECT_TRUE(line.starts_with(family)) << line << " behind " << family;
    }
  }
  EXPECT_TRUE(text.ends_with('\n'));
  for (const filter::ReasonText& reason : filter::reasons()) {
    EXPECT_TRUE(has_line(text, R"(weir_listener_ended_total{listener="a",reason=")" +
                                   std::string(reason.code) + "\"} 0"));
  }
}

TEST(MetricsText, EscapesLabelValues) {
  EXPECT_EQ(MetricsText::label("cluster", "a\"b\\c\nd"), R"(cluster="a\"b\\c\nd")");
}

TEST(MetricsRegistry, ReadsWhileAWorkerWrites) {
  MetricsRegistry registry(1);
  const auto use = registry.clusters().use("api");
  std::thread worker([&block = use.of(0)] {
    for (int i = 0; i < 20'000; ++i) {
      block.attempts.add();
      block.duration.observe(static_cast<std::uint64_t>(i));
    }
  });
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(registry.render().empty());
  worker.join();
  EXPECT_TRUE(has_line(registry.render(), R"(weir_cluster_attempts_total{cluster="api"} 20000)"));
}

}  // namespace
}  // namespace weir::server
