#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::config {

// `text`, whose lines all end in a newline, with `width` blanks before each of them.
std::string indented(std::string_view text, std::size_t width);

}  // namespace weir::config
