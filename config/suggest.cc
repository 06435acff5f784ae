#include "config/suggest.h"

#include <vector>

#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::config {

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view meant = nearest(word, candidates);
  if (meant.empty()) return {};
  return ", did you mean " + quote(meant) + "?";
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  return did_you_mean(word, views);
}

}  // namespace weir::config
