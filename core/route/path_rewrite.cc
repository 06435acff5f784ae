#include "core/route/path_rewrite.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <re2/re2.h>

#include "core/base/quote.h"
#include "core/route/condition.h"

namespace weir::route {
namespace {

// Visible ASCII that does not end a path.
bool may_stand_in_path(char c) {
  return c > ' ' && c < '\x7f' && c != '?' && c != '#';
}

bool is_path(std::string_view path) {
  if (!path.starts_with('/') || !std::all_of(path.begin(), path.end(), may_stand_in_path)) {
    return false;
  }
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
    if (segment == "." || segment == "..") return false;
    rest.remove_prefix(1 + segment.size());
  }
  return true;
}

std::string_view with_one_slash(std::string_view path) {
  while (path.starts_with("//")) path.remove_prefix(1);
  return path;
}

}  // namespace

Result<PathRewrite> PathRewrite::prefix(std::string to) {
  if (!is_path(to) || to.find("//") != to.npos) {
    return config_error("the new prefix \"" + clipped(to) +
                        "\" must be a path: it begins with \"/\", has no \"//\", \"?\", \"#\", "
                        "spaces or control characters, and no \".\" or \"..\" segments");
  }
  return PathRewrite(std::string(normal_prefix(to)), std::nullopt);
}

Result<PathRewrite> PathRewrite::regex(std::string_view pattern, std::string substitution) {
  WEIR_TRY(regex, Regex::compile(pattern));
  std::string why;
  if (!regex.re2().CheckRewriteString(substitution, &why)) {
    return config_error("the substitution \"" + clipped(substitution) + "\" for \"" +
                        clipped(pattern) + "\" is not valid: " + why);
  }
  if (!std::all_of(substitution.begin(), substitution.end(), may_stand_in_path)) {
    return config_error("the substitution \"" + clipped(substitution) +
                        "\" has a character that may not stand in a path");
  }
  return PathRewrite(std::move(substitution), std::move(regex));
}

std::string_view PathRewrite::apply(std::string_view path, std::string_view matched_prefix,
                                    Arena& arena) const {
  if (regex_) return substitute(path, arena);
  const std::string_view from = normal_prefix(matched_prefix);
  if (!is_under(path, from) && path != from) return path;
  const std::string_view rest = with_one_slash(path.substr(from.size()));
  if (to_.empty()) return rest.empty() ? std::string_view("/") : arena.copy(rest);
  const std::size_t size = to_.size() + rest.size();
  char* text = arena.allocate_text(size);
  std::memcpy(text, to_.data(), to_.size());
  if (!rest.empty()) std::memcpy(text + to_.size(), rest.data(), rest.size());
  return {text, size};
}

std::string_view PathRewrite::substitute(std::string_view path, Arena& arena) const {
  std::string changed(path);
  if (re2::RE2::GlobalReplace(&changed, regex_->re2(), to_) == 0) return path;
  const std::string_view result = with_one_slash(changed);
  return is_path(result) ? arena.copy(result) : std::string_view();
}

}  // namespace weir::route
