#include "core/route/text_pattern.h"

namespace weir::route {

Result<TextPattern> TextPattern::compile(const TextMatch& match) {
  TextPattern pattern(match.kind, match.text, match.inverted);
  if (match.kind == TextMatch::Kind::Regex) {
    WEIR_TRY(regex, Regex::compile(match.text));
    pattern.regex_ = std::move(regex);
  }
  return pattern;
}

Result<TextPattern> TextPattern::compile_host(const TextMatch& match) {
  if (match.kind == TextMatch::Kind::Exact) {
    if (match.text == "*") return TextPattern(TextMatch::Kind::Present, {}, match.inverted);
    if (match.text.starts_with("*.")) {
      return TextPattern(TextMatch::Kind::Suffix, match.text.substr(1), match.inverted);
    }
  }
  return compile(match);
}

bool TextPattern::has(std::string_view value) const {
  switch (kind_) {
    case TextMatch::Kind::Exact:
      return value == text_;
    case TextMatch::Kind::Prefix:
      return value.starts_with(text_);
    case TextMatch::Kind::Suffix:
      return value.ends_with(text_);
    case TextMatch::Kind::Contains:
      return value.find(text_) != value.npos;
    case TextMatch::Kind::Regex:
      return regex_->matches(value);
    case TextMatch::Kind::Present:
      return true;
  }
  return false;
}

}  // namespace weir::route
