#include "tests/unit/filters/http_codec/lifecycle.h"

#include <gtest/gtest.h>

#include "core/base/log.h"

namespace weir::test {
namespace {

// Every run checks its contracts and that nothing is left over: see lifecycle.cc.
TEST(Lifecycle, LeavesNothingBehindWhateverFiltersClientsAndUpstreamsDo) {
  const LogLevels before = log_levels();
  set_log_level(LogLevel::Error);  // filters fail all the time
  LifecycleCounts all;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    Choices choices(seed);
    const LifecycleCounts counts = run_lifecycle(choices, 3'000);
    all.exchanges += counts.exchanges;
    all.complete_responses += counts.complete_responses;
    all.hooks += counts.hooks;
    all.snapshots += counts.snapshots;
  }
  set_log_levels(before);
  EXPECT_GT(all.exchanges, 5'000u);
  EXPECT_GT(all.complete_responses, 1'000u);
  EXPECT_GT(all.hooks, 10'000u);
  EXPECT_GT(all.snapshots, 1'000u);
}

}  // namespace
}  // namespace weir::test
