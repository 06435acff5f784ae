#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "config/map.h"
#include "config/schema.h"
#include "config/types/template.h"
#include "core/base/result.h"
#include "core/route/header_changes.h"

namespace weir::config {

// A header field's name, in lower case.
struct HeaderName {
  std::string text;
};

template <>
struct Custom<HeaderName> {
  static constexpr std::string_view word = "header name";
  static constexpr std::string_view wanted = "the name of a header field";
  static constexpr bool one_text = true;
  static bool read(const Node& node, HeaderName& value, Reading& reading);
  static void shorten(Node& node);
};

// The value of a header field, without variables.
struct FieldValue {
  std::string text;
};

template <>
struct Custom<FieldValue> {
  static constexpr std::string_view word = "header value";
  static constexpr std::string_view wanted = "the value of a header field";
  static constexpr bool one_text = true;
  static bool read(const Node& node, FieldValue& value, Reading& reading);
};

// Whether a header field can have the value `text`. The error does not show it.
Result<void> check_field_value(std::string_view text);

// Checks that `name`, a key at `where`, can be the name of a header field.
bool check_header_name(std::string_view name, Position where, Reading& reading);
std::string lower_case(std::string_view text);

// `request_headers:` and the like.
struct HeaderEdits {
  Map<route::Template> set;
  Map<route::Template> append;
  std::vector<HeaderName> remove;

  static constexpr std::string_view type_name = "header changes";
  static constexpr auto fields = std::tuple{
      field("set", &HeaderEdits::set, "fields that take the place of those of their name")
          .any_case(),
      field("append", &HeaderEdits::append, "fields that stand behind those of their name")
          .any_case(),
      field("remove", &HeaderEdits::remove, "fields that go").one_or_many().any_order()};

  bool check_values(Reading& reading) const;
  bool check(const Node& node, Reading& reading) const;
  // Checks that no value has a variable of `unknown`; `reading` is at the changes.
  bool check_variables(std::span<const std::string_view> unknown, Reading& reading) const;
  route::HeaderChanges compiled() const;
};

}  // namespace weir::config
