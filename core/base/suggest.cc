#include "core/base/suggest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/quote.h"

namespace weir {
namespace {

// Of longer words, distances cost more than they help: they are near by one slip alone.
constexpr std::size_t kLongest = 64;
constexpr std::size_t kMostSlips = 2;
constexpr std::size_t kFar = SIZE_MAX;

// Optimal string alignment distance of words of at most kLongest bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongest + 1>, 3> rows;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& above_that = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], above_that[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

// Which letters a word has, about: each slip of a finger changes two of the bits at most.
std::uint64_t letters(std::string_view word) {
  std::uint64_t bits = 0;
  for (const char c : word) bits |= std::uint64_t{1} << (static_cast<unsigned char>(c) % 64);
  return bits;
}

template <typename Word>
std::string joined(std::span<const Word> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether two words, which differ, do so by a letter that is missing or another, or by two that are
// swapped: what is left behind their common beginning decides.
bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin());
  a.remove_prefix(static_cast<std::size_t>(differ.first - a.begin()));
  b.remove_prefix(static_cast<std::size_t>(differ.second - b.begin()));
  if (a.size() < b.size()) return a == b.substr(1);
  if (a.empty() || a.substr(1) == b.substr(1)) return true;
  return a[0] == b[1] && a[1] == b[0] && a.substr(2) == b.substr(2);
}

// One or two letters are near to a letter more or less, and two to those swapped and to another
// letter: `v1` and `v2` are two things, and so are `a` and `b`.
bool is_near_short(std::string_view word, std::string_view candidate) {
  if (candidate.size() != word.size()) return is_one_slip(word, candidate);
  const auto [a, b] = std::mismatch(word.begin(), word.end(), candidate.begin());
  return word.size() == 2 && is_letter(*a) && is_letter(*b) && is_one_slip(word, candidate);
}

// How many slips make one word of the other; kFar when they are too many for one to be meant.
std::size_t slips_between(std::string_view word, std::string_view candidate) {
  if (word.empty()) return kFar;
  if (word.size() <= 2) return is_near_short(word, candidate) ? 1 : kFar;
  if (word.size() > kLongest || candidate.size() > kLongest) {
    return is_one_slip(word, candidate) ? 1 : kFar;
  }
  const std::size_t most = std::min(kMostSlips, word.size() / 3);
  if (candidate.size() > word.size() + most || candidate.size() + most < word.size()) return kFar;
  const std::size_t slips = distance(word, candidate);
  return slips <= most ? slips : kFar;
}

char in_lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// maxRequestHead, max-request-head and max_request_head are one word.
bool is_other_spelling(std::string_view a, std::string_view b) {
  constexpr std::string_view kBetween = "_-";
  if (a.find_first_not_of(kBetween) == a.npos) return a == b;
  while (true) {
    a.remove_prefix(std::min(a.find_first_not_of(kBetween), a.size()));
    b.remove_prefix(std::min(b.find_first_not_of(kBetween), b.size()));
    if (a.empty() || b.empty()) return a.empty() && b.empty();
    if (in_lower_case(a.front()) != in_lower_case(b.front())) return false;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  const std::uint64_t wanted = letters(word);
  std::string_view best;
  std::size_t least = kFar;
  for (const std::string_view candidate : candidates) {
    if (is_other_spelling(word, candidate)) return candidate;
    const std::uint64_t found = letters(candidate);
    if (std::popcount(wanted ^ found) > static_cast<int>(2 * kMostSlips)) continue;
    const std::size_t slips = slips_between(word, candidate);
    if (slips == kFar) continue;
    // Whoever wrote the same letters has swapped some.
    const std::size_t rank =
        2 * slips + (word.size() == candidate.size() && wanted == found ? 0 : 1);
    if (rank >= least) continue;
    best = candidate;
    least = rank;
  }
  return best;
}

bool is_slip(std::string_view word, std::string_view meant) {
  if (word.size() > meant.size()) std::swap(word, meant);
  if (word.size() < 3 || meant.size() - word.size() > 1) return false;
  const auto differ = std::mismatch(word.begin(), word.end(), meant.begin());
  word.remove_prefix(static_cast<std::size_t>(differ.first - word.begin()));
  meant.remove_prefix(static_cast<std::size_t>(differ.second - meant.begin()));
  if (meant.size() < 2 || !is_letter(meant[0]) || !is_letter(meant[1])) return false;
  const std::string_view rest = meant.substr(1);
  if (word.size() < meant.size()) return word == rest;
  if (!is_letter(word[0])) return false;
  const bool swapped = word[0] == meant[1] && word[1] == meant[0];
  return word.substr(1) == rest || (swapped && word.substr(2) == meant.substr(2));
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view meant = nearest(word, candidates);
  if (meant.empty()) return {};
  return ", did you mean " + quote(meant) + "?";
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  return did_you_mean(word, views);
}

std::string join_or(std::span<const std::string_view> words) {
  return joined(words);
}

std::string join_or(std::span<const std::string> words) {
  return joined(words);
}

}  // namespace weir
