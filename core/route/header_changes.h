#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/http/header_map.h"
#include "core/route/template.h"
#include "core/route/texts.h"

namespace weir::route {

// Header fields to remove, set and append, in this order. Names are in lower case and valid, and
// so is what values have between their variables. Immutable; used by all workers.
struct HeaderChanges {
  std::vector<std::pair<std::string, Template>> set;
  std::vector<std::pair<std::string, Template>> append;
  std::vector<std::string> remove;

  bool empty() const { return set.empty() && append.empty() && remove.empty(); }
  // The names stay views of this, which must outlive the headers.
  void apply(const ExchangeView& exchange, http::HeaderMap& headers) const;
  // The same for an explanation.
  void explain(const ExchangeView& exchange, Texts texts, http::HeaderMap& headers) const;
};

}  // namespace weir::route
