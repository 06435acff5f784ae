#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/route/exchange_view.h"
#include "core/route/match.h"

namespace weir::route {

// Why `match` does not fit the exchange: its first key that does not, what the exchange has and
// what the key asks for, as in "host: www.example is not api.example". Nothing when all keys fit; a
// `percent` counts as fitting, since it goes by chance. For explanations: it compiles each key
// anew. An exchange without request is for a `match` that asks nothing of one.
std::optional<std::string> refusal(const Match& match, std::span<const std::string> flag_names,
                                   const ExchangeView& exchange);

}  // namespace weir::route
