#pragma once

#include <string_view>
#include <vector>

#include "config/types/text_match.h"
#include "core/route/match.h"

namespace weir::config::model {

// Reports what is wrong with the names and lists below `key`.
bool check_named_matches(const NamedMatches& matches, std::string_view key, Reading& reading);
// The same, for names of header fields.
bool check_header_matches(const NamedMatches& matches, std::string_view key, Reading& reading);

// `headers`: the names are those of header fields, which are compared in lower case.
std::vector<route::NamedMatch> compiled_matches(const NamedMatches& matches, bool headers);

}  // namespace weir::config::model
