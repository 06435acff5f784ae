#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/route/bucket.h"
#include "core/route/candidates.h"
#include "core/route/condition.h"
#include "core/route/regex_set.h"
#include "core/route/text_index.h"

namespace weir::route {

// The key of a Match by which a PathIndex finds it. Of several the first of these that can be used.
enum class PathKey : std::uint8_t {
  Exact,     // its paths, all exact
  Regex,     // its regexes
  Prefix,    // its prefixes
  TextPath,  // its paths, all texts at the beginning: by the whole segments in them
  Other      // none: it is looked at whatever the path is
};
PathKey path_key(const Match& match);

// One route as an index needs it.
struct IndexedRoute {
  const Match* match;
  const Condition* condition;
};

// Finds routes of one host by path: exact paths by hash, prefixes in a trie over segments, regular
// expressions as one set. Immutable once compiled; used by all workers.
class PathIndex {
 public:
  // In written order, each at most once.
  void add(std::uint32_t number, const IndexedRoute& route);
  // To be called once, after the last add(). `keys` are those of all routes, by number.
  void compile(std::span<const std::vector<ExactKey>> keys);

  // Adds what may match; what is found by a regular expression is put off.
  void collect(const ExchangeView& exchange, Candidates& candidates) const;
  void collect_regexes(const ExchangeView& exchange, Candidates& candidates) const;
  // The longest list of routes that are tried one after the other for one request; sorted.
  std::span<const std::uint32_t> longest_run() const;

 private:
  void add_to(std::uint32_t list, std::uint32_t number);
  std::uint32_t new_list();
  std::uint32_t list_of_prefix(std::string_view prefix);

  TextIndex paths_;                                     // list of an exact path
  TextIndex edges_;                                     // child of a node (the scope), by segment
  std::vector<std::uint32_t> nodes_{TextIndex::kNone};  // list of a node; the first is the root
  RegexSet regexes_;
  TextIndex patterns_;                      // number in regexes_ of a pattern
  std::vector<std::uint32_t> regex_lists_;  // list of each of regexes_
  std::uint32_t first_by_regex_ = TextIndex::kNone;
  std::uint32_t others_ = TextIndex::kNone;
  std::vector<std::vector<std::uint32_t>> lists_;  // until they are compiled to buckets
  std::vector<Bucket> buckets_;
};

}  // namespace weir::route
