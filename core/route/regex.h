#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace re2 {
class RE2;
}

namespace weir::route {

// A regular expression in RE2's syntax: linear time on any text, bounded memory. Works on bytes, so
// that "." is any byte, a line end too, and nothing slips through by being malformed UTF-8; a
// literal outside ASCII matches its own UTF-8 bytes. Immutable; copies share; used by all workers.
class Regex {
 public:
  // The error names the pattern.
  static Result<Regex> compile(std::string_view pattern);

  // Whether it matches the whole of `text`.
  bool matches(std::string_view text) const;
  const std::string& pattern() const;
  const re2::RE2& re2() const { return *re2_; }

 private:
  explicit Regex(std::shared_ptr<const re2::RE2> re2) : re2_(std::move(re2)) {}

  std::shared_ptr<const re2::RE2> re2_;
};

}  // namespace weir::route
