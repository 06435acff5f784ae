#pragma once

#include <vector>

#include "config/types/text_match.h"
#include "core/route/match.h"

namespace weir::config::model {

// `sni` of a match: names are written as hosts are, and compared in lower case.

// Reports those that no client sends.
bool check_server_names(const std::vector<TextMatch>& names, Reading& reading);
std::vector<route::TextMatch> compiled_server_names(const std::vector<TextMatch>& names);

}  // namespace weir::config::model
