#include "config/types/text_match.h"

namespace weir::config {

using Kind = route::TextMatch::Kind;

route::TextMatch TextMatch::compiled() const {
  if (inverse) {
    route::TextMatch match = inverse->compiled();
    match.inverted = !match.inverted;
    return match;
  }
  if (prefix) return {Kind::Prefix, prefix->value, false};
  if (suffix) return {Kind::Suffix, suffix->value, false};
  if (contains) return {Kind::Contains, contains->value, false};
  if (regex) return {Kind::Regex, regex->text, false};
  if (present) return {Kind::Present, {}, !*present};
  return {Kind::Exact, exact ? exact->value : "", false};
}

std::vector<route::TextMatch> compiled(const std::vector<TextMatch>& matches) {
  std::vector<route::TextMatch> all;
  all.reserve(matches.size());
  for (const TextMatch& match : matches) all.push_back(match.compiled());
  return all;
}

}  // namespace weir::config
