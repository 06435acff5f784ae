#include "filters/http/router/max_forwards.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/chars.h"

namespace weir::filters {

ForwardCount count_forward(http::Request& request) {
  if (request.method != http::Method::Options && request.method != http::Method::Trace) {
    return ForwardCount::Goes;
  }
  std::optional<std::string_view> text;
  for (const http::Header& field : request.headers.all()) {
    if (field.id() != http::HeaderId::MaxForwards) continue;
    if (text) return ForwardCount::Invalid;
    text = field.value();
  }
  if (!text) return ForwardCount::Goes;
  std::uint32_t left = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, left);
  if (read.ec != std::errc() || read.ptr != end) return ForwardCount::Invalid;
  if (left == 0) return ForwardCount::Ends;
  request.headers.set(http::HeaderId::MaxForwards, std::to_string(left - 1));
  return ForwardCount::Goes;
}

}  // namespace weir::filters
