#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "config/position.h"

namespace weir::config {

// The values in which variables and files took part, as they were written: what may be shown of
// them. Not thread-safe.
class Written {
 public:
  // `text` stands at `where`, and is the value of `path`.
  void add(const std::string& path, Position where, const std::string& text) {
    const auto known = texts_.try_emplace(where, text).first;
    paths_.try_emplace(path, known->second);
  }

  // The text that stands at `where`, or null.
  const std::string* at(Position where) const {
    const auto found = texts_.find(where);
    return found == texts_.end() ? nullptr : &found->second;
  }
  // Calls `visit` with each value below `path`: the rest of its path, without a dot at its
  // beginning, and its text.
  using Visit = std::function<void(std::string_view rest, std::string_view text)>;
  void below(const std::string& path, const Visit& visit) const;

 private:
  std::map<Position, std::string> texts_;
  std::map<std::string, std::string_view> paths_;  // views of `texts_`
};

}  // namespace weir::config
