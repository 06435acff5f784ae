#include "core/route/header_match.h"

#include <algorithm>
#include <utility>

namespace weir::route {

Result<HeaderMatch> HeaderMatch::compile(const NamedMatch& match) {
  std::vector<TextPattern> any;
  for (const TextMatch& text : match.any) {
    WEIR_TRY(pattern, TextPattern::compile(text));
    any.push_back(std::move(pattern));
  }
  return HeaderMatch(match.name, std::move(any));
}

HeaderMatch::HeaderMatch(std::string name, std::vector<TextPattern> any)
    : id_(http::header_id(name)), name_(std::move(name)), any_(std::move(any)) {}

bool HeaderMatch::matches(const http::HeaderMap& headers) const {
  return std::any_of(any_.begin(), any_.end(), [&](const TextPattern& pattern) {
    const auto& all = headers.all();
    const bool has = std::any_of(all.begin(), all.end(), [&](const http::Header& field) {
      return field.is(id_, name_) && pattern.has(field.value());
    });
    return has != pattern.inverted();
  });
}

}  // namespace weir::route
