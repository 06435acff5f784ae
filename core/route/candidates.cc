#include "core/route/candidates.h"

#include <algorithm>

namespace weir::route {

bool Candidates::is_behind(const Head& a, const Head& b) {
  if (*a.next != *b.next) return *a.next > *b.next;
  return a.prefix_size < b.prefix_size;
}

void Candidates::push(const Head& head) {
  heads_.push_back(head);
  std::push_heap(heads_.begin(), heads_.end(), is_behind);
}

void Candidates::add(std::span<const std::uint32_t> routes, std::uint32_t prefix_size) {
  if (routes.empty()) return;
  push({routes.data(), routes.data() + routes.size(), prefix_size, nullptr});
}

void Candidates::add_regexes(const std::uint32_t* first, const PathIndex& index) {
  push({first, first + 1, 0, &index});
}

Candidates::Candidate Candidates::next(const PathIndex** later) {
  std::pop_heap(heads_.begin(), heads_.end(), is_behind);
  Head& head = heads_.back();
  const Candidate candidate{*head.next, head.prefix_size};
  *later = head.later;
  if (++head.next == head.end) {
    heads_.pop_back();
  } else {
    std::push_heap(heads_.begin(), heads_.end(), is_behind);
  }
  return candidate;
}

}  // namespace weir::route
