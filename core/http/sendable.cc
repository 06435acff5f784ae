#include "core/http/sendable.h"

#include "core/http/chars.h"

namespace weir::http {

bool is_sendable(const Header& field) {
  const bool name = field.id() != HeaderId::Other || is_token(field.name());
  return name && is_field_value(field.value());
}

bool has_sendable_target(const Request& request) {
  const auto all = [](std::string_view text, auto allowed) {
    for (char c : text) {
      if (!allowed(c)) return false;
    }
    return true;
  };
  return is_token(request.method_name) && !request.path.empty() &&
         all(request.path, is_path_char) && (request.query.empty() || request.query[0] == '?') &&
         all(request.query, is_query_char);
}

}  // namespace weir::http
