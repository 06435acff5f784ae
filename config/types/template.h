#pragma once

#include <string_view>

#include "config/schema.h"
#include "core/route/template.h"

namespace weir::config {

// The value of a header field, a text with variables such as `%client_ip%`.
template <>
struct Custom<route::Template> {
  static constexpr std::string_view word = "text with variables";
  static constexpr std::string_view wanted = "text";
  static bool read(const Node& node, route::Template& value, Reading& reading);
};

// A URL or the path of one, with variables.
struct UrlTemplate {
  route::Template text;
};

template <>
struct Custom<UrlTemplate> {
  static constexpr std::string_view word = "URL with variables";
  static constexpr std::string_view wanted = "text";
  static bool read(const Node& node, UrlTemplate& value, Reading& reading);
};

// A host, perhaps with a port, with variables.
struct HostTemplate {
  route::Template text;
};

template <>
struct Custom<HostTemplate> {
  static constexpr std::string_view word = "host with variables";
  static constexpr std::string_view wanted = "text";
  static bool read(const Node& node, HostTemplate& value, Reading& reading);
};

}  // namespace weir::config
