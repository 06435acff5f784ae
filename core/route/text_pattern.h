#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/route/match.h"
#include "core/route/regex.h"

namespace weir::route {

// A TextMatch that is ready for use. Immutable; used by all workers.
class TextPattern {
 public:
  static Result<TextPattern> compile(const TextMatch& match);
  // The same for a host, where an exact "*" is any host and "*.suffix" what ends with ".suffix".
  static Result<TextPattern> compile_host(const TextMatch& match);

  // Whether `value` has what is written, without regard to `not:`.
  bool has(std::string_view value) const;
  bool inverted() const { return inverted_; }
  // Of a single value.
  bool matches(std::string_view value) const { return has(value) != inverted_; }

 private:
  TextPattern(TextMatch::Kind kind, std::string text, bool inverted)
      : kind_(kind), inverted_(inverted), text_(std::move(text)) {}

  TextMatch::Kind kind_;
  bool inverted_;
  std::string text_;
  std::optional<Regex> regex_;
};

}  // namespace weir::route
