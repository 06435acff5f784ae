#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/route/candidates.h"
#include "core/route/exact_key.h"
#include "core/route/text_index.h"

namespace weir::route {

// The first of two lists unless the second has more.
inline std::span<const std::uint32_t> longer(std::span<const std::uint32_t> first,
                                             std::span<const std::uint32_t> second) {
  return second.size() > first.size() ? second : first;
}

// Routes with the same host and path. When they are many, they are found by an exact value that
// each insists on: the one that the fewest others ask for too, and among those by the next. Linear
// stay routes that differ in nothing but patterns, negations, addresses, port ranges, flags or
// percentages. Immutable; used by all workers.
class Bucket {
 public:
  // So many are tried one by one.
  static constexpr std::size_t kFew = 8;

  Bucket() = default;
  // `routes` is sorted; `keys` are those of all routes, by number.
  Bucket(std::vector<std::uint32_t> routes, std::span<const std::vector<ExactKey>> keys)
      : Bucket(std::move(routes), keys, 0) {}

  void collect(const ExchangeView& exchange, std::uint32_t prefix_size,
               Candidates& candidates) const;
  // The longest list of routes that are tried one after the other for one request; sorted.
  std::span<const std::uint32_t> longest_run() const;

 private:
  // The routes that insist on one of several values of one name.
  struct Choice {
    ValueName name;
    TextIndex places;  // of a value in `buckets`
    std::vector<Bucket> buckets;
  };

  Bucket(std::vector<std::uint32_t> routes, std::span<const std::vector<ExactKey>> keys,
         std::uint32_t depth);
  // Both add the choice (high half) and place in it (low half) of each value that `exchange` has:
  // one asks for each name, the other looks each name of the request up.
  void find_by_choice(const ExchangeView& exchange, std::vector<std::uint64_t>& found) const;
  void find_by_request(const ExchangeView& exchange, std::vector<std::uint64_t>& found) const;

  std::vector<std::uint32_t> routes_;  // for which no exact value is a good choice
  std::vector<Choice> choices_;
  TextIndex names_;            // places of choices, by source and name
  std::uint32_t sources_ = 0;  // a bit set of ValueSource: those of `choices_`
};

}  // namespace weir::route
