#include "core/http/method.h"

#include <array>
#include <cstddef>

namespace weir::http {
namespace {

// In the order of Method.
constexpr std::array<std::string_view, 10> kMethodNames = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", ""};

constexpr Method match(std::string_view name, Method method) {
  return name == kMethodNames[static_cast<std::size_t>(method)] ? method : Method::Other;
}

}  // namespace

Method method_of(std::string_view name) {
  switch (name.size()) {
    case 3:
      return match(name, name[0] == 'G' ? Method::Get : Method::Put);
    case 4:
      return match(name, name[0] == 'P' ? Method::Post : Method::Head);
    case 5:
      return match(name, name[0] == 'P' ? Method::Patch : Method::Trace);
    case 6:
      return match(name, Method::Delete);
    case 7:
      return match(name, name[0] == 'O' ? Method::Options : Method::Connect);
    default:
      return Method::Other;
  }
}

std::string_view method_name(Method method) {
  return kMethodNames[static_cast<std::size_t>(method)];
}

bool is_safe(Method method) {
  return method == Method::Get || method == Method::Head || method == Method::Options ||
         method == Method::Trace;
}

bool is_idempotent(Method method) {
  return is_safe(method) || method == Method::Put || method == Method::Delete;
}

}  // namespace weir::http
