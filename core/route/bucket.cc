#include "core/route/bucket.h"

#include <algorithm>

namespace weir::route {
namespace {

// With more names than this it is cheaper to look at what the request has.
constexpr std::size_t kFewNames = 8;
// Below the first choice a route is copied to the bucket of each of its values: no more of them.
constexpr std::size_t kMaxCopies = 8;

std::uint32_t scope_of(ValueSource source) {
  return static_cast<std::uint32_t>(source);
}

// How many routes ask for each value of each name.
class Census {
 public:
  Census(std::span<const std::uint32_t> routes, std::span<const std::vector<ExactKey>> keys) {
    for (const std::uint32_t route : routes) {
      for (const ExactKey& key : keys[route]) {
        for (const std::string& value : key.values) ++counts_[place(key, value)];
      }
    }
  }

  // Of all values of the key the most frequent one.
  std::uint32_t most(const ExactKey& key) {
    std::uint32_t most = 0;
    for (const std::string& value : key.values) most = std::max(most, counts_[place(key, value)]);
    return most;
  }

 private:
  std::uint32_t place(const ExactKey& key, std::string_view value) {
    const auto names = static_cast<std::uint32_t>(names_count_);
    const std::uint32_t name = names_.add(scope_of(key.name.source), key.name.name, names);
    if (name == names) ++names_count_;
    const auto next = static_cast<std::uint32_t>(counts_.size());
    const std::uint32_t place = values_.add(name, value, next);
    if (place == next) counts_.push_back(0);
    return place;
  }

  TextIndex names_;
  std::size_t names_count_ = 0;
  TextIndex values_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace

Bucket::Bucket(std::vector<std::uint32_t> routes, std::span<const std::vector<ExactKey>> keys,
               std::uint32_t depth) {
  if (routes.size() <= kFew) {
    routes_ = std::move(routes);
    return;
  }
  Census census(routes, keys);
  std::vector<std::vector<std::vector<std::uint32_t>>> lists;  // by choice and value
  for (const std::uint32_t route : routes) {
    // A value that most of the routes share separates too little.
    std::uint32_t least = static_cast<std::uint32_t>(routes.size() - routes.size() / 4);
    const ExactKey* best = nullptr;
    for (const ExactKey& key : keys[route]) {
      if (depth > 0 && key.values.size() > kMaxCopies) continue;
      const std::uint32_t most = census.most(key);
      if (most < least) {
        least = most;
        best = &key;
      }
    }
    if (best == nullptr) {
      routes_.push_back(route);
      continue;
    }
    const std::uint32_t place = names_.add(scope_of(best->name.source), best->name.name,
                                           static_cast<std::uint32_t>(choices_.size()));
    if (place == choices_.size()) {
      choices_.push_back({best->name, {}, {}});
      lists.emplace_back();
      sources_ |= 1u << scope_of(best->name.source);
    }
    auto& lists_of_name = lists[place];
    for (const std::string& value : best->values) {
      const auto next = static_cast<std::uint32_t>(lists_of_name.size());
      const std::uint32_t list = choices_[place].places.add(value, next);
      if (list == next) lists_of_name.emplace_back();
      lists_of_name[list].push_back(route);
    }
  }
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    for (auto& list : lists[i]) {
      choices_[i].buckets.push_back(Bucket(std::move(list), keys, depth + 1));
    }
  }
}

void Bucket::collect(const ExchangeView& exchange, std::uint32_t prefix_size,
                     Candidates& candidates) const {
  candidates.add(routes_, prefix_size);
  if (choices_.empty()) return;
  std::vector<std::uint64_t>& found = candidates.numbers;
  const std::size_t first = found.size();
  if (choices_.size() <= kFewNames) {
    find_by_choice(exchange, found);
  } else {
    find_by_request(exchange, found);
  }
  // A value that is sent a thousand times is looked at once.
  std::sort(found.begin() + first, found.end());
  found.erase(std::unique(found.begin() + first, found.end()), found.end());
  for (std::size_t i = first; i < found.size(); ++i) {
    const Choice& choice = choices_[found[i] >> 32];
    choice.buckets[found[i] & UINT32_MAX].collect(exchange, prefix_size, candidates);
  }
  found.resize(first);
}

std::span<const std::uint32_t> Bucket::longest_run() const {
  std::span<const std::uint32_t> longest = routes_;
  for (const Choice& choice : choices_) {
    for (const Bucket& bucket : choice.buckets) longest = longer(longest, bucket.longest_run());
  }
  return longest;
}

void Bucket::find_by_choice(const ExchangeView& exchange, std::vector<std::uint64_t>& found) const {
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    any_value(exchange, choices_[i].name, [&](std::string_view value) {
      const std::uint32_t place = choices_[i].places.find(value);
      if (place != TextIndex::kNone) found.push_back(i << 32 | place);
      return false;
    });
  }
}

void Bucket::find_by_request(const ExchangeView& exchange,
                             std::vector<std::uint64_t>& found) const {
  for (std::uint32_t source = 0; sources_ >> source != 0; ++source) {
    if ((sources_ >> source & 1) == 0) continue;
    any_named_value(exchange, static_cast<ValueSource>(source),
                    [&](std::string_view name, std::string_view value) {
                      const std::uint32_t i = names_.find(source, name);
                      if (i == TextIndex::kNone) return false;
                      const std::uint32_t place = choices_[i].places.find(value);
                      if (place != TextIndex::kNone)
                        found.push_back(std::uint64_t{i} << 32 | place);
                      return false;
                    });
  }
}

}  // namespace weir::route
