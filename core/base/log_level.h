#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/log_part.h"

namespace weir {

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warning, Error, Off };
std::string_view to_string(LogLevel level);
std::optional<LogLevel> log_level_of(std::string_view name);

// By LogPart::index(): messages below are left out.
using LogLevels = std::array<LogLevel, LogPart::kNames.size()>;

}  // namespace weir
