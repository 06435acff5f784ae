#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::route {

class PathIndex;

// Routes that may match one exchange, in written order: sorted lists, merged as they are asked for.
// A thread keeps one and reuses its memory.
class Candidates {
 public:
  struct Candidate {
    std::uint32_t route;
    std::uint32_t prefix_size;  // of the path, when a prefix led to it
  };

  void clear() { heads_.clear(); }
  // `routes` is sorted and stays alive.
  void add(std::span<const std::uint32_t> routes, std::uint32_t prefix_size);
  // Puts off what `index` has by regular expressions until the first of them, `*first`, is next.
  void add_regexes(const std::uint32_t* first, const PathIndex& index);
  bool empty() const { return heads_.empty(); }
  // The next one: of the same route the one with the longest prefix first. When a put-off index is
  // next instead, `*later` is set to it and the caller adds its lists.
  Candidate next(const PathIndex** later);

  // Numbers for the one who adds; used as a stack.
  std::vector<std::uint64_t> numbers;

 private:
  struct Head {
    const std::uint32_t* next;
    const std::uint32_t* end;
    std::uint32_t prefix_size;
    const PathIndex* later;
  };
  static bool is_behind(const Head& a, const Head& b);
  void push(const Head& head);

  std::vector<Head> heads_;  // a heap, the next one first
};

}  // namespace weir::route
