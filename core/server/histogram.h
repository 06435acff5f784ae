#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/tally.h"
#include "core/server/histogram_bounds.h"

namespace weir::server {

// How long things took. One thread writes, any thread reads; no allocation.
class Histogram {
 public:
  void observe(std::uint64_t us) {
    buckets_[LatencyCells::bucket_of(us)].add();
    sum_us_.add(us);
  }
  // Takes in what `other` counted.
  void add(const Histogram& other) {
    for (std::size_t i = 0; i < kLatencyBuckets; ++i) buckets_[i].add(other.count(i));
    sum_us_.add(other.sum_us());
  }

  // In the bucket up to and including kLatencyBounds[bucket].
  std::uint64_t count(std::size_t bucket) const { return buckets_[bucket].value(); }
  std::uint64_t sum_us() const { return sum_us_.value(); }
  // The least bound that a share `quantile` (0 to 1) of the observations does not exceed; the last
  // bound if that is over it, and 0 without observations.
  std::uint64_t quantile_us(double quantile) const;

 private:
  std::array<Counter, kLatencyBuckets> buckets_;
  Counter sum_us_;
};

}  // namespace weir::server
