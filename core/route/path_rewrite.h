#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/arena.h"
#include "core/base/result.h"
#include "core/route/regex.h"

namespace weir::route {

// `rewrite:` of a path: another prefix in place of the one that matched, or a regular expression
// with a substitution. Immutable; used by all workers.
class PathRewrite {
 public:
  // `to` takes the place of the route's matching prefix, by segments: /a to /b makes /b/c of /a/c,
  // and / makes /c of it. Nothing is doubled or empty. `to` is an absolute path.
  static Result<PathRewrite> prefix(std::string to);
  // Each match of `pattern` in the path is replaced; \1 to \9 in `substitution` are its groups,
  // \0 all of it. A path in which nothing matches stays as it is. Several slashes at the beginning
  // become one.
  static Result<PathRewrite> regex(std::string_view pattern, std::string substitution);

  // The new path in the arena, or `path` itself. `matched_prefix` is that of the route's choice,
  // empty for "/". Empty when the substitution makes something that is no path: it does not begin
  // with "/", has a "." or ".." segment, or a byte that may not stand in a path. Answer 500 then.
  std::string_view apply(std::string_view path, std::string_view matched_prefix,
                         Arena& arena) const;

  // That some of it came from a variable or a file, so that what it makes is not shown.
  void hide() { hidden_ = true; }
  bool hidden() const { return hidden_; }

 private:
  PathRewrite(std::string to, std::optional<Regex> regex)
      : to_(std::move(to)), regex_(std::move(regex)) {}

  std::string_view substitute(std::string_view path, Arena& arena) const;

  std::string to_;  // without a slash at its end, or the substitution
  std::optional<Regex> regex_;
  bool hidden_ = false;
};

}  // namespace weir::route
