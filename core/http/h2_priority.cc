#include "core/http/h2_priority.h"

#include <cstddef>

#include "core/http/chars.h"

namespace weir::http {
namespace {

// Walks over structured fields. What begins with `skip_` returns false when the text is malformed.
class DictionaryReader {
 public:
  explicit DictionaryReader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_spaces() { skip_all(" "); }
  void skip_white_space() { skip_all(" \t"); }

  // Empty when there is none.
  std::string_view key() {
    const std::size_t start = at_;
    const auto begins = [](char c) { return (c >= 'a' && c <= 'z') || c == '*'; };
    if (at_end() || !begins(text_[at_])) return {};
    while (!at_end() && (begins(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_' ||
                         text_[at_] == '-' || text_[at_] == '.')) {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  // An item or an inner list, as it stands; nothing when it is malformed.
  std::optional<std::string_view> member_value() {
    const std::size_t start = at_;
    if (take('(')) {
      if (!skip_inner_list()) return std::nullopt;
    } else if (!skip_bare_item()) {
      return std::nullopt;
    }
    return text_.substr(start, at_ - start);
  }

  bool skip_parameters() {
    while (take(';')) {
      skip_spaces();
      if (key().empty() || (take('=') && !skip_bare_item())) return false;
    }
    return true;
  }

 private:
  void skip_all(std::string_view characters) {
    while (!at_end() && characters.find(text_[at_]) != std::string_view::npos) ++at_;
  }

  bool skip_inner_list() {
    for (;;) {
      skip_spaces();
      if (take(')')) return true;
      if (!skip_bare_item() || !skip_parameters()) return false;
      if (at_end() || (text_[at_] != ' ' && text_[at_] != ')')) return false;
    }
  }

  bool skip_bare_item() {
    if (at_end()) return false;
    const char first = text_[at_];
    if (first == '"') return skip_string();
    if (first == '?') {
      ++at_;
      return take('0') || take('1');
    }
    if (first == ':') {
      const std::size_t close = text_.find(':', at_ + 1);
      if (close == std::string_view::npos) return false;
      at_ = close + 1;
      return true;
    }
    if (is_digit(first) || first == '-') return skip_number();
    return skip_token();
  }

  bool skip_string() {
    for (++at_; !at_end(); ++at_) {
      const char c = text_[at_];
      if (c < 0x20 || c == 0x7f) return false;
      if (c == '"') return take('"');
      if (c != '\\') continue;
      if (++at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\\')) return false;
    }
    return false;
  }

  bool skip_number() {
    take('-');
    if (!skip_digits(15)) return false;
    return !take('.') || skip_digits(3);
  }
  bool skip_digits(std::size_t most) {
    const std::size_t start = at_;
    while (!at_end() && is_digit(text_[at_])) ++at_;
    return at_ != start && at_ - start <= most;
  }

  bool skip_token() {
    const char first = ascii_lower(text_[at_]);
    if ((first < 'a' || first > 'z') && first != '*') return false;
    while (!at_end() && (is_token_char(text_[at_]) || text_[at_] == ':' || text_[at_] == '/')) {
      ++at_;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void take_member(std::string_view key, std::string_view value, H2Priority& priority) {
  if (key == "u" && value.size() == 1 && value[0] >= '0' && value[0] <= '7') {
    priority.urgency = static_cast<std::uint8_t>(value[0] - '0');
  } else if (key == "i" && (value == "?1" || value == "?0")) {
    priority.incremental = value == "?1";
  }
}

}  // namespace

std::optional<H2Priority> parse_priority(std::string_view value) {
  DictionaryReader reader(value);
  H2Priority priority;
  reader.skip_spaces();
  while (!reader.at_end()) {
    const std::string_view key = reader.key();
    if (key.empty()) return std::nullopt;
    // A key alone is a true boolean.
    std::optional<std::string_view> member = "?1";
    if (reader.take('=')) member = reader.member_value();
    if (!member || !reader.skip_parameters()) return std::nullopt;
    take_member(key, *member, priority);
    reader.skip_white_space();
    if (reader.at_end()) break;
    if (!reader.take(',')) return std::nullopt;
    reader.skip_white_space();
    if (reader.at_end()) return std::nullopt;
  }
  return priority;
}

}  // namespace weir::http
