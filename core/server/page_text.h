#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

// How the pages of Weir write what they show.
namespace weir::server {

using Json = nlohmann::ordered_json;

// Rows with the same keys, as columns under the keys; numbers to the right.
std::string to_columns(const Json& rows);
// For tools.
std::string to_page(const Json& json);

// "2026-11-22T11:51:09Z", of microseconds since 1970.
std::string time_text(std::int64_t us);
// "12s", "3m5s", "2h10m", "4d3h"
std::string span_text(std::int64_t ms);

}  // namespace weir::server
