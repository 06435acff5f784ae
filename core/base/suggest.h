#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir {

// The one of `candidates` that `word` most likely was meant to be, or empty: an edit distance
// (with swapped neighbours) of at most 2, and of at most a third of the length; of very short and
// very long words, of 1, but no other digit in one of two letters and no other letter for one. Or
// the same word in another spelling, such as maxSize for max_size.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// Whether one slip of a finger makes `word` of `meant`, and hardly anybody would call two things
// so: two letters swapped, or a letter missing, added or another before the last of its word. Both
// have three bytes at least. `web-a` and `web-b`, `r1` and `r2`, `shop` and `shops` are meant.
bool is_slip(std::string_view word, std::string_view meant);

// ", did you mean 'x'?" or, when nothing is near, "".
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

// "a", "a or b", "a, b or c".
std::string join_or(std::span<const std::string_view> words);
std::string join_or(std::span<const std::string> words);

}  // namespace weir
