#include "config/key_path.h"

#include <algorithm>
#include <charconv>

#include "core/base/escape.h"
#include "core/base/quote.h"

namespace weir::config {

namespace {

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '$';
}

Error not_in_brackets(std::string_view rest) {
  const std::size_t size = next_escaped(rest, EscapeStyle::Text).taken;
  return config_error("a name with a " + quote(rest.substr(0, size)) +
                      " stands in brackets in a path");
}

// What is in brackets, and the text behind them.
struct Bracketed {
  std::string text;
  bool quoted = false;
};

Result<Bracketed> take_brackets(std::string_view& rest) {
  const Error unclosed = config_error("a path has a [ without its ]");
  Bracketed taken;
  rest.remove_prefix(1);
  taken.quoted = rest.starts_with('"');
  if (!taken.quoted) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return unclosed;
    taken.text = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return taken;
  }
  for (rest.remove_prefix(1); !rest.empty() && rest.front() != '"'; rest.remove_prefix(1)) {
    if (rest.front() == '\\') rest.remove_prefix(1);
    if (rest.empty()) return unclosed;
    taken.text += rest.front();
  }
  if (!rest.starts_with("\"]")) return unclosed;
  rest.remove_prefix(2);
  return taken;
}

std::optional<std::size_t> index_of(const Bracketed& brackets) {
  std::size_t index = 0;
  const char* const end = brackets.text.data() + brackets.text.size();
  const auto parsed = std::from_chars(brackets.text.data(), end, index);
  if (brackets.quoted || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return index;
}

}  // namespace

Result<std::vector<PathStep>> parse_path(std::string_view text) {
  std::vector<PathStep> steps;
  std::string_view rest = text;
  while (!rest.empty()) {
    if (rest.front() == '[') {
      WEIR_TRY(brackets, take_brackets(rest));
      steps.push_back({brackets.text, index_of(brackets)});
    } else {
      if (!steps.empty() && rest.front() != '.') {
        return config_error("a dot or [ must follow a ] in a path");
      }
      if (!steps.empty()) rest.remove_prefix(1);
      if (!steps.empty() && rest.starts_with('[')) continue;
      const auto end = std::find_if_not(rest.begin(), rest.end(), plain);
      if (end == rest.begin()) {
        if (rest.find_first_not_of(".[]") != 0) return config_error("a path has an empty name");
        return not_in_brackets(rest);
      }
      const std::string_view name(rest.data(), static_cast<std::size_t>(end - rest.begin()));
      steps.push_back({std::string(name), std::nullopt});
      rest.remove_prefix(name.size());
      if (!rest.empty() && rest.front() != '.' && rest.front() != '[') {
        return not_in_brackets(rest);
      }
    }
  }
  return steps;
}

void append_key(std::string& path, std::string_view key) {
  if (!key.empty() && std::all_of(key.begin(), key.end(), plain)) {
    if (!path.empty()) path += '.';
    path += key;
    return;
  }
  if (!key.empty() && key.find_first_of("[]\"\\") == std::string_view::npos) {
    path += '[';
    path += key;
    path += ']';
    return;
  }
  path += "[\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') path += '\\';
    path += c;
  }
  path += "\"]";
}

void append_index(std::string& path, std::size_t index) {
  path += '[';
  path += std::to_string(index);
  path += ']';
}

std::string shortened_path(std::string_view path) {
  if (path.size() <= kMostQuoted) return std::string(path);
  const auto steps = parse_path(path);
  if (!steps) return clipped(path);
  std::string shown;
  for (const PathStep& step : *steps) {
    if (step.index) {
      append_index(shown, *step.index);
    } else {
      append_key(shown, clipped(step.name));
    }
  }
  return shown;
}

KeyPath::Step KeyPath::enter(std::string_view key) {
  const std::size_t size = text_.size();
  append_key(text_, key);
  return Step(*this, size);
}

KeyPath::Step KeyPath::enter(std::size_t index) {
  const std::size_t size = text_.size();
  append_index(text_, index);
  return Step(*this, size);
}

std::string KeyPath::below(std::string_view key) const {
  std::string path = text_;
  append_key(path, key);
  return path;
}

}  // namespace weir::config
