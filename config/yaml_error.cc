#include "config/yaml_error.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "config/values.h"

namespace weir::config {

namespace {

struct Wording {
  std::string_view theirs;
  std::string_view ours;
};

constexpr std::array kWordings = {
    Wording{"end of map not found", "expected a key and ':' here; is the indentation right?"},
    Wording{"end of sequence not found", "expected '- ' here; is the indentation right?"},
    Wording{"end of map flow not found", "expected ',' or '}' here"},
    Wording{"end of sequence flow not found", "expected ',' or ']' here"},
    Wording{"illegal map key", "no key can stand here"},
    Wording{"illegal block entry", "no '- ' can stand here"},
    Wording{"illegal flow end", "a closing bracket that matches no open one"},
    Wording{"illegal EOF in scalar", "the closing quote is missing"},
    Wording{"illegal document indicator in scalar", "the closing quote is missing"},
    Wording{"illegal tab when looking for indentation", "a tab in the indentation; use spaces"},
    Wording{"bad file", "nested too deep"},
    Wording{
        "unexpected character in block scalar",
        "behind '|' or '>' stands nothing but '+', '-' or a digit; the text begins a line below"},
    Wording{"tag handle with no suffix", "a value cannot begin with '!' unless it is quoted"},
    Wording{"end of verbatim tag not found", "a value cannot begin with '!' unless it is quoted"},
    Wording{"unknown token", "not YAML; quote a text that begins with a special character"},
};

constexpr std::string_view kNoCharacter = "invalid unicode: ";

bool is_any_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

std::string quote_hint(std::string_view beginning) {
  return "a value cannot begin with '" + std::string(beginning) + "' unless it is quoted";
}

// Whether the parser took a key for none because it is too long: it stands before a ':' that was
// found, or at the place of the error.
bool is_long_key(std::string_view line, std::size_t column) {
  constexpr std::size_t kLongestKey = 1024;
  const bool before = column < line.size() && line[column] == ':';
  const std::size_t begin = before ? line.find_first_not_of(" -") : column;
  const std::size_t end = before ? column : line.find(':', column);
  return end != std::string_view::npos && end > begin + kLongestKey;
}

// The value that the parser stumbled over when it is one that only needs quotes.
std::string hint(const YamlError& error) {
  const std::string_view line = error.text;
  const char at = error.column < line.size() ? line[error.column] : '\0';
  const char before =
      error.column > 0 && error.column <= line.size() ? line[error.column - 1] : ' ';
  if (before == '$' && at == '{') return "'${…}' inside '{ }' or '[ ]' must be quoted: \"${…}\"";
  if (is_any_of(at, "%@`") && at != '\0') return quote_hint(line.substr(error.column, 1));
  if (error.message == "the referenced anchor is not defined") {
    return "no anchor of this name; a text that begins with '*' must be quoted";
  }
  if (error.message.starts_with("alias not found") ||
      error.message == "illegal character found while scanning alias") {
    return quote_hint("*");
  }
  if (error.message.starts_with("anchor not found") ||
      error.message == "illegal character found while scanning anchor") {
    return quote_hint("&");
  }
  if (at == '?' && before != ' ') return "a text with '?' inside '{ }' or '[ ]' must be quoted";
  if (before == ']' || (before == '}' && !error.open_bracket)) {
    return quote_hint(before == ']' ? "[" : "{");
  }
  const std::size_t indentation = std::min(line.find_first_not_of(" \t\r"), line.size());
  if (line.substr(0, indentation).find('\t') != std::string_view::npos) {
    return "a tab in the indentation; use spaces";
  }
  if (error.message.starts_with(kNoCharacter)) {
    const auto number = parse_integer(error.message.substr(kNoCharacter.size()));
    if (!number || *number < 0xD800 || *number > 0xDFFF) return "no character has this number";
    return "half a character: in YAML two of \\u do not make one; write the character itself, or "
           "\\U and its eight digits";
  }
  if (is_long_key(line, error.column)) return "a key has at most 1024 bytes";
  if (error.message == "illegal map value") {
    const bool second = line.substr(0, error.column).find(": ") != std::string_view::npos;
    return second ? "a text with ': ' in it must be quoted"
                  : "no key can stand here; is a ':' missing above, or the indentation wrong?";
  }
  return {};
}

}  // namespace

std::string explain(const YamlError& error) {
  std::string message = hint(error);
  if (!message.empty()) return message;
  message = error.message;
  for (const Wording& wording : kWordings) {
    if (error.message == wording.theirs) message = wording.ours;
  }
  const bool bracket = error.message.find("flow not found") != std::string_view::npos;
  if (bracket && error.open_bracket) {
    message += "; the bracket was opened on line " + std::to_string(error.open_bracket->line) +
               ", column " + std::to_string(error.open_bracket->column);
  }
  return message;
}

}  // namespace weir::config
