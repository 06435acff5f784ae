#include "config/block_texts.h"

#include <algorithm>

namespace weir::config {
namespace {

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != set.npos;
}

// Where the block ends that begins with the line at `at`, below a list or map at column `indent`.
std::size_t end_of_block(std::string_view text, std::size_t at, std::size_t indent) {
  std::size_t least = indent + 1;
  bool begun = false;
  while (at < text.size()) {
    const std::size_t first = std::min(text.find_first_not_of(' ', at), text.size());
    const std::size_t spaces = first - at;
    const bool empty = text.substr(first, 1) == "\n" || text.substr(first, 2) == "\r\n";
    // So does the parser, also for empty lines.
    if (!begun) least = std::max(least, spaces);
    if (!empty && spaces < least) return at;
    begun = begun || !empty;
    const std::size_t end = text.find('\n', first);
    if (end == text.npos) break;
    at = end + 1;
  }
  return text.size();
}

}  // namespace

bool BlockTexts::holds(std::size_t index) {
  if (index < end_) return true;
  const char c = text_[index];
  switch (state_) {
    case State::Lost:
      return false;
    case State::Escaped:
      state_ = State::Double;
      return true;
    case State::Double:
      if (c == '\\') state_ = State::Escaped;
      if (c == '"') state_ = State::Start;
      return true;
    case State::Single:
      if (c == '\'') state_ = State::Start;
      return true;
    default:
      break;
  }
  if (c == '\n') {
    end_line(index);
  } else if (state_ == State::Comment) {
    return false;
  } else if (c == '#' && (index == line_ || blank_at(index - 1))) {
    state_ = State::Comment;
  } else if (state_ == State::Plain) {
    plain(index);
  } else if (state_ == State::Name) {
    if (ends_at(index)) state_ = State::Start;
    if (state_ == State::Start && open_ > 0) start_in_brackets(index);
  } else if (!blank_at(index)) {
    open_ > 0 ? start_in_brackets(index) : start(index);
  }
  return false;
}

bool BlockTexts::blank_at(std::size_t index) const {
  return index >= text_.size() || is_one_of(text_[index], " \t\r\n");
}

// Whether what stands before `index` ends there: in brackets, also by another of those.
bool BlockTexts::ends_at(std::size_t index) const {
  return blank_at(index) || (open_ > 0 && is_one_of(text_[index], ",[]{}"));
}

// Whether nothing but a `|` or `>` and how the text ends is on the rest of the line.
bool BlockTexts::is_header(std::size_t index) const {
  std::string_view rest = text_.substr(index + 1, text_.find('\n', index) - index - 1);
  if (rest.starts_with('+') || rest.starts_with('-')) rest.remove_prefix(1);
  return rest.find_first_not_of(" \r") == rest.npos;
}

void BlockTexts::begin_line(std::size_t at) {
  line_ = at;
  indent_ = key_ = kNone;
  value_ = header_ = false;
  const std::string_view line = text_.substr(at, text_.find('\n', at) - at);
  // The beginning of a document.
  if (line == "---" || line == "---\r") state_ = State::Comment;
}

void BlockTexts::end_line(std::size_t at) {
  if (state_ == State::Comment || state_ == State::Name) state_ = State::Start;
  if (open_ > 0) {
    line_ = at + 1;
    return;
  }
  if (state_ == State::Plain) {
    // It goes on in the next line that is deeper than what it is in.
    const std::size_t next = text_.find_first_not_of(" \r\n", at);
    const std::size_t line = next == text_.npos ? 0 : text_.rfind('\n', next) + 1;
    const bool deeper = next != text_.npos && text_[next] != '#' &&
                        (indent_ == kNone || next - line > indent_ || text_[next] == '\t');
    state_ = deeper ? State::Lost : State::Start;
  }
  if (header_) end_ = end_of_block(text_, at + 1, indent_);
  begin_line(std::max(at + 1, end_));
}

// What was written as a key is one.
void BlockTexts::begin_value() {
  if (value_ || key_ == kNone) {
    state_ = State::Lost;
    return;
  }
  value_ = true;
  indent_ = key_;
  state_ = State::Start;
}

void BlockTexts::bracket(char c) {
  state_ = State::Start;
  if (c == '[' || c == '{') {
    ++open_;
  } else {
    --open_;
  }
}

void BlockTexts::start(std::size_t index) {
  const char c = text_[index];
  if (c == '-' && blank_at(index + 1) && !value_ && key_ == kNone) {
    indent_ = index - line_;
    return;
  }
  if (c == ':' && blank_at(index + 1)) return begin_value();
  if ((c == '|' || c == '>') && indent_ != kNone && (value_ || key_ == kNone)) {
    header_ = is_header(index);
    state_ = header_ ? State::Comment : State::Lost;
    return;
  }
  const bool name = c == '&' || c == '*';
  const bool other = is_one_of(c, "#!?|>%@`,]}\t") || (is_one_of(c, "-:") && blank_at(index + 1));
  if (other || (name && !value_)) {
    state_ = State::Lost;
    return;
  }
  if (key_ == kNone) key_ = index - line_;
  if (c == '[' || c == '{') return bracket(c);
  state_ = name ? State::Name : c == '"' ? State::Double : c == '\'' ? State::Single : State::Plain;
}

void BlockTexts::start_in_brackets(std::size_t index) {
  const char c = text_[index];
  if (c == ',') return;
  if (is_one_of(c, "[]{}")) return bracket(c);
  if (c == ':') {
    const bool value = ends_at(index + 1) || is_one_of(text_[index - 1], "\"'");
    if (!value) state_ = State::Lost;
    return;
  }
  if (is_one_of(c, "#!?|>%@`") || (c == '-' && ends_at(index + 1))) {
    state_ = State::Lost;
    return;
  }
  state_ = c == '&' || c == '*' ? State::Name
           : c == '"'           ? State::Double
           : c == '\''          ? State::Single
                                : State::Plain;
}

void BlockTexts::plain(std::size_t index) {
  const char c = text_[index];
  if (open_ == 0) {
    if (c == ':' && blank_at(index + 1)) begin_value();
  } else if (c == '?') {
    state_ = State::Lost;
  } else if (is_one_of(c, "[]{}")) {
    bracket(c);
  } else if (c == ',' || (c == ':' && ends_at(index + 1))) {
    state_ = State::Start;
  }
}

}  // namespace weir::config
