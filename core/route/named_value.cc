#include "core/route/named_value.h"

#include "core/http/chars.h"

namespace weir::route {

std::string_view decode_query(std::string_view raw, std::string& scratch) {
  if (raw.find_first_of("%+") == raw.npos) return raw;
  scratch.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%' && i + 2 < raw.size() && http::hex_value(raw[i + 1]) < 16 &&
        http::hex_value(raw[i + 2]) < 16) {
      scratch.push_back(
          static_cast<char>(http::hex_value(raw[i + 1]) * 16 + http::hex_value(raw[i + 2])));
      i += 2;
    } else {
      scratch.push_back(raw[i] == '+' ? ' ' : raw[i]);
    }
  }
  return scratch;
}

namespace detail {

std::string& name_scratch() {
  thread_local std::string scratch;
  return scratch;
}

std::string& value_scratch() {
  thread_local std::string scratch;
  return scratch;
}

std::string_view unquote(std::string_view value) {
  value = http::trim_white_space(value);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  return value;
}

}  // namespace detail
}  // namespace weir::route
