#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir::config {

// ", did you mean 'x'?" or, when nothing is near, "".
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace weir::config
