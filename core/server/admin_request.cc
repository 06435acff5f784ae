#include "core/server/admin_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "core/base/quote.h"
#include "core/base/suggest.h"

namespace weir::server {
namespace {

using Parameter = std::pair<std::string_view, std::string_view>;

// Takes the first one off `query`, which begins with the mark before it.
Parameter take_parameter(std::string_view& query) {
  query.remove_prefix(1);
  const std::size_t end = std::min(query.find('&'), query.size());
  const std::string_view pair = query.substr(0, end);
  query.remove_prefix(end);
  const std::size_t equals = std::min(pair.find('='), pair.size());
  return {pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size()))};
}

}  // namespace

std::optional<std::string_view> AdminRequest::parameter(std::string_view name) const {
  for (std::string_view rest = query; !rest.empty();) {
    const auto [key, value] = take_parameter(rest);
    if (key == name) return value;
  }
  return std::nullopt;
}

Result<std::optional<std::int64_t>> AdminRequest::number(std::string_view name, std::int64_t least,
                                                         std::int64_t most) const {
  const auto text = parameter(name);
  if (!text) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc() && stop == end && number >= least && number <= most) {
    return std::optional(number);
  }
  return config_error(std::string(name) + " must be a number from " + std::to_string(least) +
                      " to " + std::to_string(most));
}

Result<void> AdminRequest::check_parameters(std::string_view known) const {
  const std::array<std::string_view, 2> both{"json", known};
  const std::span<const std::string_view> all(both.data(), known.empty() ? 1 : 2);
  for (std::string_view rest = query; !rest.empty();) {
    const auto [key, value] = take_parameter(rest);
    const bool is_known = std::find(all.begin(), all.end(), key) != all.end();
    if (!is_known && !(key.empty() && value.empty())) {
      const std::string meant = did_you_mean(key, all);
      return config_error(path + " has no parameter " + quote(key) +
                          (meant.empty() ? ": it must be " + join_or(all) : meant));
    }
    if ((key == "json" || key == "yaml") && !value.empty()) {
      return config_error(std::string(key) + " has no value: write it alone, or leave it out");
    }
  }
  return {};
}

}  // namespace weir::server
