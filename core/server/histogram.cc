#include "core/server/histogram.h"

#include <cmath>

namespace weir::server {

std::uint64_t Histogram::quantile_us(double quantile) const {
  std::uint64_t total = 0;
  for (const Counter& bucket : buckets_) total += bucket.value();
  if (total == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(total)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kLatencyBounds.size(); ++i) {
    seen += count(i);
    if (seen > 0 && seen >= wanted) return kLatencyBounds[i];
  }
  return kLatencyBounds.back();
}

}  // namespace weir::server
