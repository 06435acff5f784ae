#include "core/http/retry_after.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

#include "core/http/chars.h"

namespace weir::http {
namespace {

std::optional<std::int64_t> parse_date(std::string_view value) {
  // strptime() would skip white space and take numbers of fewer digits: the length tells.
  if (value.size() != sizeof "Sun, 06 Nov 1994 08:49:37 GMT" - 1) return std::nullopt;
  std::tm time{};
  const std::string text(value);
  const char* const end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return timegm(&time);
}

}  // namespace

std::optional<std::uint64_t> parse_retry_after(std::string_view value, std::int64_t now) {
  if (!value.empty() && std::all_of(value.begin(), value.end(), is_digit)) {
    std::uint64_t seconds = 0;
    const auto result = std::from_chars(value.data(), value.data() + value.size(), seconds);
    return result.ec == std::errc() ? seconds : UINT64_MAX;
  }
  const auto date = parse_date(value);
  if (!date) return std::nullopt;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(*date - now, 0));
}

}  // namespace weir::http
