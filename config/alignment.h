#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace weir::config {

// The place of nothing.
inline constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);

// Of each of `after` the one of `before` that it was, or kNoPlace: equal ones in the order that
// keeps most of them, and between two of those the others one by one.
std::vector<std::size_t> aligned(std::span<const std::string> before,
                                 std::span<const std::string> after);

// Which of `places`, that were 0, 1, … once, are to be told as moved, so that the others stand in
// their order and these are the fewest. kNoPlace is none of them.
std::vector<bool> moved(std::span<const std::size_t> places);

}  // namespace weir::config
