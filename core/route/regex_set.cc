#include "core/route/regex_set.h"

#include <algorithm>

#include <re2/set.h>

#include "core/route/regex_options.h"

namespace weir::route {
namespace {

constexpr std::int64_t kSetMemory = 8 << 20;

}  // namespace

// The expressions from `first` on, as many as fit into the memory of one set.
struct RegexSet::Part {
  std::uint32_t first;
  std::uint32_t end;
  std::unique_ptr<re2::RE2::Set> set;  // null when not even one fits
};

RegexSet::RegexSet() = default;
RegexSet::RegexSet(RegexSet&&) noexcept = default;
RegexSet& RegexSet::operator=(RegexSet&&) noexcept = default;
RegexSet::~RegexSet() = default;

std::uint32_t RegexSet::add(Regex regex) {
  regexes_.push_back(std::move(regex));
  return static_cast<std::uint32_t>(regexes_.size() - 1);
}

void RegexSet::compile() {
  if (!empty()) compile(0, static_cast<std::uint32_t>(regexes_.size()));
}

void RegexSet::compile(std::uint32_t first, std::uint32_t end) {
  auto set = std::make_unique<re2::RE2::Set>(regex_options(kSetMemory), re2::RE2::ANCHOR_BOTH);
  bool fits = true;
  for (std::uint32_t i = first; i < end && fits; ++i) {
    fits = set->Add(regexes_[i].pattern(), nullptr) >= 0;
  }
  if (fits && set->Compile()) {
    parts_.push_back({first, end, std::move(set)});
  } else if (end - first == 1) {
    parts_.push_back({first, end, nullptr});
  } else {
    const std::uint32_t middle = first + (end - first) / 2;
    compile(first, middle);
    compile(middle, end);
  }
}

const std::vector<int>& RegexSet::matches(std::string_view text) const {
  thread_local std::vector<int> all;
  thread_local std::vector<int> of_part;
  all.clear();
  for (const Part& part : parts_) {
    re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNotCompiled};
    if (part.set && part.set->Match({text.data(), text.size()}, &of_part, &error)) {
      for (const int id : of_part) all.push_back(id + static_cast<int>(part.first));
    } else if (error.kind != re2::RE2::Set::kNoError) {
      for (std::uint32_t id = part.first; id < part.end; ++id) {
        if (regexes_[id].matches(text)) all.push_back(static_cast<int>(id));
      }
    }
  }
  return all;
}

}  // namespace weir::route
