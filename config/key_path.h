#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace weir::config {

// The place of a value in the one grammar of paths: `routes.shop.api.timeout`,
// `clusters.api.endpoints[10.0.0.2:9000].weight`. Keys, and names of keyed items, follow a dot; in
// brackets when they have other characters than letters, digits, `_`, `-` and `$` (and in quotes
// within those when they have a bracket or quote); items without a name by their index, `[0]`.
class KeyPath {
 public:
  // Leaves on destruction what was entered; steps end in reverse order.
  class Step {
   public:
    Step(KeyPath& path, std::size_t size) : path_(path), size_(size) {}
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() { path_.text_.resize(size_); }

   private:
    KeyPath& path_;
    std::size_t size_;
  };

  KeyPath() = default;
  explicit KeyPath(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] Step enter(std::string_view key);
  [[nodiscard]] Step enter(std::size_t index);
  // A step that leads nowhere, for what is not named in paths.
  [[nodiscard]] Step stay() { return Step(*this, text_.size()); }

  const std::string& text() const { return text_; }
  // The path of `key` below this one.
  std::string below(std::string_view key) const;

 private:
  std::string text_;
};

// Adds `key` to `path` in that grammar.
void append_key(std::string& path, std::string_view key);
void append_index(std::string& path, std::size_t index);
// `path` as a message has it: of each long key the beginning.
std::string shortened_path(std::string_view path);

// One step of a path: a key or a name, or the index of an item.
struct PathStep {
  std::string name;
  std::optional<std::size_t> index;
};

// The steps of a path in that grammar, in which a dot may stand before a bracket too; an error says
// what is wrong with it. An empty text has none.
Result<std::vector<PathStep>> parse_path(std::string_view text);

}  // namespace weir::config
