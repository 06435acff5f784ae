#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/model/question.h"
#include "core/base/result.h"
#include "core/filter/explanation.h"
#include "core/server/snapshot.h"

namespace weir::config {

using filter::Explanation;
using filter::Refused;
using filter::Texts;

// Whether `name` is that of a listener called `wanted`, or of one of its addresses.
bool is_called(std::string_view name, std::string_view wanted);

// An error when the question itself cannot be asked: an unknown listener, flag or address, or a
// host beside that of the URL. Of what is not whole too.
Result<void> can_be_asked(const server::Snapshot& snapshot, const Question& question);

// The same error, or what comes of it.
// `by_chance` is the index of a route that chance chooses; without it,
// the one that takes what chance leaves is explained.
Result<Explanation> explain(const server::Snapshot& snapshot, const Question& question,
                            Texts texts = Texts::Shown,
                            std::optional<std::uint32_t> by_chance = std::nullopt);

std::string to_json(const Explanation& explanation);

}  // namespace weir::config
