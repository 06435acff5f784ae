#include "config/key_path.h"

#include <algorithm>

namespace weir::config {

namespace {

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '$';
}

}  // namespace

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

KeyPath::Step KeyPath::enter(std::string_view key) {
  const std::size_t size = text_.size();
  append_key(text_, key);
  return Step(*this, size);
}

KeyPath::Step KeyPath::enter(std::size_t index) {
  const std::size_t size = text_.size();
  text_ += '[';
  text_ += std::to_string(index);
  text_ += ']';
  return Step(*this, size);
}

std::string KeyPath::below(std::string_view key) const {
  std::string path = text_;
  append_key(path, key);
  return path;
}

}  // namespace weir::config
