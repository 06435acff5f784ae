#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "core/base/arena.h"

namespace weir::http {

// What filters, plugins and scripts leave on a stream for keys, matches, logs and later filters
// (`var.tenant`). Names and texts are copied into the stream's arena. At most kMax on one stream;
// set() of one more fails. Not thread-safe.
class Variables {
 public:
  using Value = std::variant<std::string_view, std::int64_t, double, bool>;
  struct Entry {
    std::string_view name;
    Value value;
  };
  static constexpr std::uint32_t kMax = 64;

  explicit Variables(Arena& arena) : arena_(&arena) {}

  [[nodiscard]] bool set(std::string_view name, Value value);
  const Value* get(std::string_view name) const;
  // The value as text, rendered into the arena unless it is one.
  std::optional<std::string_view> text(std::string_view name) const;
  std::span<const Entry> all() const { return {entries_, size_}; }
  // A value as text: itself, or written into `space`. Numbers are the shortest that read back the
  // same; booleans are "true" and "false".
  static constexpr std::size_t kMaxNumber = 32;
  static std::string_view to_text(const Value& value, std::span<char, kMaxNumber> space);
  // For reuse after the arena was reset.
  void forget() {
    entries_ = nullptr;
    size_ = capacity_ = 0;
  }

 private:
  Entry* find(std::string_view name) const;
  void grow();

  Arena* arena_;
  Entry* entries_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace weir::http
