#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/server/override.h"

// What operators have set as JSON, an override a line, for the file of `state_file:`. Times are of
// the wall there, since another process has another clock.
namespace weir::server {

struct Clocks {
  std::uint64_t loop_ms = 0;
  std::int64_t wall_us = 0;  // since 1970, at the same moment
};

std::string to_text(std::span<const Override* const> overrides, const Clocks& now);

// What to_text() wrote, but for what is over by now. Anything that is not exactly that is an error
// that says which override it is about.
Result<std::vector<Override>> parse_overrides(std::string_view text, const Clocks& now);
// Of a file; none when there is no such file.
Result<std::vector<Override>> read_overrides(const std::string& path, const Clocks& now);

}  // namespace weir::server
