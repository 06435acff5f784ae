#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/route/condition.h"
#include "core/route/match.h"

namespace weir::route {

// Whether `wide` holds whenever `narrow` does. Never true when that is not so; often false where
// only thinking about patterns would show it. `wide_condition` is compiled from `wide`.
bool covers(const Match& wide, const Condition& wide_condition, const Match& narrow);

// Finds the routes that can never be chosen. Looks at those that share a host, or have none, and a
// path; where many do, at the first few hundred only. Keeps references to what it is given.
class ShadowSearch {
 public:
  // The number of the first earlier route that covers this one, if there is one. Routes are given
  // in written order, numbered from 0.
  std::optional<std::uint32_t> add(const Match& match, const Condition& condition);

 private:
  struct Earlier {
    const Match* match;
    const Condition* condition;
  };
  using Numbers = std::vector<std::uint32_t>;
  // Routes by what of a path they insist on.
  struct ByPath {
    std::unordered_map<std::string, Numbers> exact;
    std::unordered_map<std::string, Numbers> prefix;  // as normal_prefix() has it
    Numbers others;

    void add(std::uint32_t number, const Match& match);
  };

  void search(const ByPath& routes, const Match& match, std::optional<std::uint32_t>& first) const;
  void search(const Numbers& numbers, const Match& match,
              std::optional<std::uint32_t>& first) const;
  void search_host(const std::string& host, const Match& match,
                   std::optional<std::uint32_t>& first) const;

  std::vector<Earlier> earlier_;
  std::unordered_map<std::string, ByPath> by_host_;  // as written, "*." included
  ByPath any_host_;
};

}  // namespace weir::route
