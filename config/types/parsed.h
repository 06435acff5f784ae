#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "config/reading.h"
#include "core/base/result.h"

namespace weir::config {

// Reads a value of which core has the notation: `parse` takes the text with every `${…}` replaced,
// and the message of its error is whole. `instead` is that message for a text that is not shown.
// `percents` of what takes the place of `${…}`.
template <typename T>
bool read_parsed(const Node& node, T& value, Reading& reading, std::string_view wanted,
                 Result<T> (*parse)(std::string_view), std::string_view instead = {},
                 Percents percents = Percents::AsTheyAre) {
  if (!node.is_scalar()) {
    return reading.error(
        node, "expected " + std::string(wanted) + ", found " + std::string(node.kind_word()));
  }
  const auto text = reading.text(node, percents);
  if (!text) return reading.excused(node.where());
  Result<T> parsed = parse(*text);
  if (!parsed) {
    const std::string hidden =
        instead.empty() ? "the value is not " + std::string(wanted) : std::string(instead);
    return reading.error(node, reading.told(node.where(), parsed.error(), hidden));
  }
  value = std::move(parsed).value();
  return true;
}

}  // namespace weir::config
