#include "config/types/body.h"

#include <array>
#include <utility>

#include "config/types/parsed.h"

namespace weir::config {

bool Custom<BodyText>::read(const Node& node, BodyText& value, Reading& reading) {
  const auto take = [](std::string_view text) -> Result<BodyText> {
    return BodyText{std::string(text)};
  };
  return read_parsed<BodyText>(node, value, reading, wanted, take, {}, Percents::Doubled);
}

std::optional<route::Template> Body::load(Reading& reading) const {
  if (!file) {
    const auto step = reading.enter("text");
    auto parsed = route::Template::parse(text ? text->value.text : "");
    if (parsed) return std::move(parsed).value();
    reading.error(text->where, reading.told(text->where, parsed.error(),
                                            "the value has a % that begins no variable"));
    return std::nullopt;
  }
  if (reading.unread(file->where)) return std::nullopt;
  const auto step = reading.enter("file");
  const auto content = reading.file(file->value, file->where);
  if (!content) return std::nullopt;
  auto parsed = route::Template::parse(*content);
  if (parsed) return std::move(parsed).value();
  reading.error(file->where, "in the file: " + std::move(parsed).error().message);
  return std::nullopt;
}

std::string_view Body::content_type() const {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".htm", "text/html; charset=utf-8"},
      {".json", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
      {".xml", "application/xml"},
      {".css", "text/css; charset=utf-8"},
  }};
  if (!file) return {};
  for (const auto& [ending, type] : kTypes) {
    if (file->value.ends_with(ending)) return type;
  }
  return {};
}

}  // namespace weir::config
