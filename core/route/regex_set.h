#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/route/regex.h"

namespace weir::route {

// Many regular expressions in one pass over a text. Immutable once compiled; used by all workers.
class RegexSet {
 public:
  RegexSet();
  RegexSet(RegexSet&&) noexcept;
  RegexSet& operator=(RegexSet&&) noexcept;
  ~RegexSet();

  bool empty() const { return regexes_.empty(); }
  // Returns the id of the expression: the ids count from 0.
  std::uint32_t add(Regex regex);
  // To be called once, after the last add().
  void compile();
  // Calls `visit(id)` for each expression that matches the whole of `text`, in no order. RE2
  // allocates memory for that. An expression whose set runs out of its memory is tried alone.
  template <typename Visit>
  void each_match(std::string_view text, Visit visit) const {
    for (const int id : matches(text)) visit(static_cast<std::uint32_t>(id));
  }

 private:
  struct Part;

  void compile(std::uint32_t first, std::uint32_t end);
  // The thread's own vector: valid until the next call on it.
  const std::vector<int>& matches(std::string_view text) const;

  std::vector<Regex> regexes_;
  std::vector<Part> parts_;
};

}  // namespace weir::route
