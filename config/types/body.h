#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "config/map.h"
#include "config/schema.h"
#include "core/route/template.h"

namespace weir::config {

// Text with variables, before it is parsed.
struct BodyText {
  std::string text;
};

template <>
struct Custom<BodyText> {
  static constexpr std::string_view word = "text";
  static constexpr std::string_view wanted = "text";
  static constexpr bool one_text = true;
  static bool read(const Node& node, BodyText& value, Reading& reading);
};

// The body of a response: text with variables, written here or in a file.
struct Body {
  std::optional<Located<BodyText>> text;
  std::optional<Located<std::string>> file;
  Position where;

  static constexpr std::string_view type_name = "body";
  static constexpr ShortForms short_forms{.scalar = "text"};
  static constexpr auto fields =
      std::tuple{field("text", &Body::text, "the body, with variables as they are: HTML needs care")
                     .one_of("body"),
                 field("file", &Body::file, "a file that has it, with variables as they are")
                     .path()
                     .content()
                     .one_of("body")};

  // Reads the file. Nothing when there was a problem; it was reported.
  std::optional<route::Template> load(Reading& reading) const;
  // By the ending of the file's name; empty when that says nothing.
  std::string_view content_type() const;
};

}  // namespace weir::config
