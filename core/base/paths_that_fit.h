#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace weir {

// More entries of directories than this are not looked at for one pattern.
inline constexpr std::size_t kMostEntries = 100'000;

// The paths that fit a pattern of glob(3), sorted. A pattern for which more than `most` entries of
// directories would have to be looked at is an error, so that one over the whole file system ends
// soon. Any thread.
Result<std::vector<std::string>> paths_that_fit(const std::string& pattern,
                                                std::size_t most = kMostEntries);

}  // namespace weir
