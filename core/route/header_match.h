#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/http/header_map.h"
#include "core/route/match.h"
#include "core/route/text_pattern.h"

namespace weir::route {

// A NamedMatch of the fields of one message, a request or a response, that is ready for use.
// Immutable; used by all workers.
class HeaderMatch {
 public:
  static Result<HeaderMatch> compile(const NamedMatch& match);

  bool matches(const http::HeaderMap& headers) const;

 private:
  HeaderMatch(std::string name, std::vector<TextPattern> any);

  http::HeaderId id_;
  std::string name_;
  std::vector<TextPattern> any_;
};

}  // namespace weir::route
