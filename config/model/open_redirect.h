#pragma once

#include <string_view>

#include "config/position.h"
#include "config/reading.h"

namespace weir::config::model {

// Warns when who sends a request chooses to which host `text` leads: a text with variables, the
// value of `key` that was read at `where`, which stands in a URL behind `before`.
void warn_if_open(std::string_view key, std::string_view text, std::string_view before,
                  Position where, Reading& reading);

}  // namespace weir::config::model
