#pragma once

#include <cstdint>
#include <string_view>

namespace weir::http {

enum class Method : std::uint8_t {
  Get,
  Head,
  Post,
  Put,
  Delete,
  Connect,
  Options,
  Trace,
  Patch,
  Other
};

// Methods are case-sensitive (RFC 9110 section 9.1): "get" is Other.
Method method_of(std::string_view name);
// A literal, empty for Other.
std::string_view method_name(Method method);

// RFC 9110 section 9.2. A method Weir does not know is neither safe nor idempotent.
bool is_safe(Method method);
bool is_idempotent(Method method);

}  // namespace weir::http
