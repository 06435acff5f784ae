#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/route/path_index.h"

namespace weir::route {

// Whether all hosts of a Match are exact or "*.suffix", so that a HostIndex finds it by them.
// Others are looked at whatever the host is, and cost a look at the host each.
bool has_indexed_hosts(const Match& match);

// Finds routes by host: exact ones and suffixes by hash, each with its own index of paths.
// Immutable once compiled; used by all workers.
class HostIndex {
 public:
  // In written order, each at most once.
  void add(std::uint32_t number, const IndexedRoute& route);
  // To be called once, after the last add(). `keys` are those of all routes, by number.
  void compile(std::span<const std::vector<ExactKey>> keys);

  void collect(const ExchangeView& exchange, Candidates& candidates) const;
  // The longest list of routes that are tried one after the other for one request; sorted.
  std::span<const std::uint32_t> longest_run() const;

 private:
  TextIndex hosts_;
  TextIndex suffixes_;           // without the "*."
  std::size_t most_labels_ = 0;  // of the suffixes
  std::vector<std::unique_ptr<PathIndex>> paths_;
  PathIndex any_host_;
};

}  // namespace weir::route
