#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/log_level.h"
#include "core/base/log_part.h"

namespace weir {

// One message of the operational log. Views: live as long as the call.
struct LogMessage {
  LogLevel level;
  LogPart part;
  std::string_view text;        // as it is, not escaped
  std::uint64_t held_back = 0;  // messages like it since the last one that was let through

  // For people: escaped, at most `limit` bytes of it, with the number of those held back.
  std::string words(std::size_t limit) const;
};

}  // namespace weir
