#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "config/schema.h"
#include "core/route/template.h"

namespace weir::config {

// The value of a header field, a text with variables such as `%client_ip%`.
template <>
struct Custom<route::Template> {
  static constexpr std::string_view word = "text with variables";
  static constexpr std::string_view wanted = "text";
  static constexpr bool one_text = true;
  static bool read(const Node& node, route::Template& value, Reading& reading);
};

// A URL or the path of one, with variables.
struct UrlTemplate {
  route::Template text;
  std::string value;  // the same, before it was parsed
};

template <>
struct Custom<UrlTemplate> {
  static constexpr std::string_view word = "URL with variables";
  static constexpr std::string_view wanted = "text";
  static constexpr bool one_text = true;
  static bool read(const Node& node, UrlTemplate& value, Reading& reading);
};

// A host, perhaps with a port, with variables.
struct HostTemplate {
  route::Template text;
  std::string value;  // the same, before it was parsed
};

template <>
struct Custom<HostTemplate> {
  static constexpr std::string_view word = "host with variables";
  static constexpr std::string_view wanted = "text";
  static constexpr bool one_text = true;
  static bool read(const Node& node, HostTemplate& value, Reading& reading);
};

// Variables that have no value yet: before a route was followed, when its cluster is chosen, and
// when Weir answers itself.
inline constexpr std::array<std::string_view, 4> kUnknownAtFirst = {"cluster", "endpoint", "status",
                                                                    "response_header.NAME"};
inline constexpr std::array<std::string_view, 3> kUnknownBeforeResponse = {"endpoint", "status",
                                                                           "response_header.NAME"};
inline constexpr std::array<std::string_view, 3> kUnknownInAnswers = {"cluster", "endpoint",
                                                                      "response_header.NAME"};

// Checks that `text`, written at `where`, has no variable of `unknown`.
bool check_variables(const route::Template& text, Position where,
                     std::span<const std::string_view> unknown, Reading& reading);

}  // namespace weir::config
