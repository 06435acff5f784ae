#include "core/server/admin_request.h"

#include <algorithm>

namespace weir::server {

std::optional<std::string_view> AdminRequest::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) return pair.substr(std::min(equals + 1, pair.size()));
    rest.remove_prefix(end);
  }
  return std::nullopt;
}

}  // namespace weir::server
