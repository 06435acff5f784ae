#include "config/source_check.h"

#include <string>
#include <string_view>

#include "config/block_texts.h"

namespace weir::config {

namespace {

// Brackets in ordinary text do not open anything; so many that stay open are no ordinary text, but
// for that in blocks and quotes.
constexpr std::size_t kUnclosedBrackets = 4096;

Position position_at(std::uint32_t source, std::string_view text, std::size_t offset) {
  Position where{source, 1, 1};
  for (std::size_t i = 0; i < offset; ++i) {
    ++where.column;
    if (text[i] == '\n') {
      ++where.line;
      where.column = 1;
    }
  }
  return where;
}

bool is_continuation(std::string_view text, std::size_t index) {
  return index < text.size() && (static_cast<unsigned char>(text[index]) & 0xC0) == 0x80;
}

// What the character at the start of `text` is wrong for, or null; `length` is its length.
const char* reason_against(std::string_view text, std::size_t& length) {
  const auto byte = static_cast<unsigned char>(text[0]);
  length = 1;
  if (byte >= 0x20 && byte < 0x7F) return nullptr;
  if (byte == '\n' || byte == '\t') return nullptr;
  if (byte == '\r') {
    return text.size() > 1 && text[1] == '\n' ? nullptr : "a carriage return without a newline";
  }
  if (byte < 0x80) return "a control character; in double quotes it can be written as \\xNN";
  length = utf8_length(text);
  if (length == 0) return "not UTF-8";
  if (byte == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) return "a control character";
  return nullptr;
}

// Every token of YAML but a plain scalar costs one of these.
bool is_indicator(char c) {
  return std::string_view("[]{},:?-\"'*&!").find(c) != std::string::npos;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first >= 0xC2 && first <= 0xDF) return is_continuation(text, 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return is_continuation(text, 1) && is_continuation(text, 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    const bool rest =
        is_continuation(text, 1) && is_continuation(text, 2) && is_continuation(text, 3);
    return rest ? 4 : 0;
  }
  return 0;
}

bool check_source(const Sources& sources, std::uint32_t source, const Limits& limits,
                  Diagnostics& diagnostics) {
  const std::string_view text = sources.text(source);
  if (text.size() > limits.bytes) {
    diagnostics.error({source}, {},
                      "larger than " + std::to_string(limits.bytes >> 20) +
                          " MiB, the most a "
                          "configuration file may have");
    return false;
  }
  std::size_t open = 0;
  std::size_t indicators = 0;
  std::size_t length = 1;
  char before = '\n';
  BlockTexts blocks(text);
  for (std::size_t i = 0; i < text.size(); i += length) {
    if (const char* reason = reason_against(text.substr(i), length)) {
      diagnostics.error(position_at(source, text, i), {}, reason);
      return false;
    }
    const char c = text[i];
    // yaml-cpp skips a directive that it does not know, wherever it stands.
    if (c == '%' && before == '\n' && !text.substr(i).starts_with("%YAML ")) {
      diagnostics.error(position_at(source, text, i), {},
                        "a line cannot begin with '%'; quote the text, or indent it");
      return false;
    }
    before = c;
    if (!blocks.holds(i)) {
      if (c == '[' || c == '{') ++open;
      if ((c == ']' || c == '}') && open > 0) --open;
    }
    if (is_indicator(c)) ++indicators;
    if (open > kUnclosedBrackets) {
      diagnostics.error(position_at(source, text, i), {}, "too many unclosed brackets");
      return false;
    }
    if (indicators > 4 * limits.nodes) {
      diagnostics.error({source}, {}, "too many values");
      return false;
    }
  }
  return true;
}

}  // namespace weir::config
