#include "config/alignment.h"

#include <algorithm>
#include <cstdint>

namespace weir::config {

namespace {

using Texts = std::span<const std::string>;

// Longer lists than this are aligned by their beginnings and ends alone.
constexpr std::size_t kMostCells = 4'000'000;

// How many of both from a place on can be kept in one order, for each pair of places.
class Kept {
 public:
  Kept(Texts before, Texts after)
      : width_(after.size() + 1), counts_((before.size() + 1) * width_, 0) {
    for (std::size_t i = before.size(); i-- > 0;) {
      for (std::size_t j = after.size(); j-- > 0;) {
        at(i, j) =
            before[i] == after[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }

  std::uint32_t& at(std::size_t before, std::size_t after) {
    return counts_[before * width_ + after];
  }

 private:
  std::size_t width_;
  std::vector<std::uint32_t> counts_;
};

// What is between two that are kept, one by one.
void pair_up(std::vector<std::size_t>& places, std::size_t old, std::size_t old_end,
             std::size_t now, std::size_t now_end) {
  while (old < old_end && now < now_end) places[now++] = old++;
}

}  // namespace

std::vector<std::size_t> aligned(Texts before, Texts after) {
  std::vector<std::size_t> places(after.size(), kNoPlace);
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t front = 0;
  for (; front < shorter && before[front] == after[front]; ++front) places[front] = front;
  std::size_t back = 0;
  while (back < shorter - front &&
         before[before.size() - 1 - back] == after[after.size() - 1 - back]) {
    ++back;
    places[after.size() - back] = before.size() - back;
  }
  const std::size_t old_end = before.size() - back;
  const std::size_t now_end = after.size() - back;
  std::size_t old = front;  // both: behind the last that is kept
  std::size_t now = front;
  if ((old_end - front) * (now_end - front) <= kMostCells) {
    Kept kept(before.subspan(front, old_end - front), after.subspan(front, now_end - front));
    for (std::size_t i = front, j = front; i < old_end && j < now_end;) {
      if (before[i] == after[j]) {
        pair_up(places, old, i, now, j);
        places[j] = i;
        old = ++i;
        now = ++j;
      } else if (kept.at(i + 1 - front, j - front) >= kept.at(i - front, j + 1 - front)) {
        ++i;
      } else {
        ++j;
      }
    }
  }
  pair_up(places, old, old_end, now, now_end);
  return places;
}

// Those that stay are a longest run of places that do not fall. It is found from the end, so that
// of two that change places the later one is told.
std::vector<bool> moved(std::span<const std::size_t> places) {
  std::vector<bool> result(places.size());
  std::vector<std::size_t> ends;  // by length: the best place to go on from
  std::vector<std::size_t> next(places.size(), kNoPlace);  // in the run that begins with each
  for (std::size_t i = places.size(); i-- > 0;) {
    if (places[i] == kNoPlace) continue;
    result[i] = true;
    const auto worse = std::partition_point(
        ends.begin(), ends.end(), [&](std::size_t end) { return places[end] >= places[i]; });
    if (worse != ends.begin()) next[i] = *(worse - 1);
    if (worse == ends.end()) {
      ends.push_back(i);
    } else {
      *worse = i;
    }
  }
  for (std::size_t i = ends.empty() ? kNoPlace : ends.back(); i != kNoPlace; i = next[i]) {
    result[i] = false;
  }
  return result;
}

}  // namespace weir::config
