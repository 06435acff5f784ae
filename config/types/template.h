#pragma once

#include <string_view>

#include "config/schema.h"
#include "core/route/template.h"

namespace weir::config {

// A text with variables such as `%client_ip%`.
template <>
struct Custom<route::Template> {
  static constexpr std::string_view word = "text with variables";
  static constexpr std::string_view wanted = "text";
  static bool read(const Node& node, route::Template& value, Reading& reading);
};

}  // namespace weir::config
