#include "config/types/pattern.h"

#include "config/types/parsed.h"
#include "core/route/regex.h"

namespace weir::config {

namespace {

Result<Pattern> parse_pattern(std::string_view text) {
  WEIR_TRY(regex, route::Regex::compile(text));
  return Pattern{regex.pattern(), true};
}

}  // namespace

bool Custom<Pattern>::read(const Node& node, Pattern& value, Reading& reading) {
  return read_parsed(node, value, reading, wanted, &parse_pattern);
}

}  // namespace weir::config
