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

// Longer words are no slips of a finger, and cost more than they help.
constexpr std::size_t kLongest = 64;

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

// Two letters are near to those swapped, and to a letter more; another letter makes another word.
bool is_near_pair(std::string_view pair, std::string_view candidate) {
  if (candidate.size() != 2) return distance(pair, candidate) == 1;
  return candidate == pair || (candidate[0] == pair[1] && candidate[1] == pair[0]);
}

char in_lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// maxRequestHead, max-request-head and max_request_head are one word.
bool is_other_spelling(std::string_view a, std::string_view b) {
  constexpr std::string_view kBetween = "_-";
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
  const std::size_t most = word.size() == 2 ? 1 : std::min<std::size_t>(2, word.size() / 3);
  if (word.size() > kLongest) return {};
  const std::uint64_t wanted = letters(word);
  std::string_view best;
  std::size_t best_distance = most + 1;
  for (const std::string_view candidate : candidates) {
    if (word.size() > 2 && is_other_spelling(word, candidate)) return candidate;
    if (candidate.size() > word.size() + most || candidate.size() + most < word.size()) continue;
    if (candidate.size() > kLongest) continue;
    if (std::popcount(wanted ^ letters(candidate)) > static_cast<int>(2 * most)) continue;
    if (word.size() == 2 && !is_near_pair(word, candidate)) continue;
    const std::size_t found = distance(word, candidate);
    if (found < best_distance) {
      best = candidate;
      best_distance = found;
    }
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
