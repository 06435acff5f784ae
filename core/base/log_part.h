#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

// Who speaks in the operational log: a folder or a thing, with a level of its own. Written as its
// name, a literal; one that is not in the list does not compile.
class LogPart {
 public:
  static constexpr std::array<std::string_view, 10> kNames{
      "access_log", "config",   "event",  "filter", "log",
      "overload",   "override", "reload", "server", "upstream"};

  template <typename T>
  requires std::convertible_to<const T&, std::string_view>
  consteval LogPart(const T& name) : LogPart(index_of(name)) {
    if (index() == kNames.size()) add_the_part_to_the_names();
  }
  static constexpr std::optional<LogPart> find(std::string_view name) {
    const std::size_t index = index_of(name);
    if (index == kNames.size()) return std::nullopt;
    return LogPart(index);
  }

  constexpr std::size_t index() const { return index_; }
  constexpr std::string_view name() const { return kNames[index_]; }

 private:
  constexpr explicit LogPart(std::size_t index) : index_(static_cast<std::uint8_t>(index)) {}
  static constexpr std::size_t index_of(std::string_view name) {
    std::size_t index = 0;
    while (index < kNames.size() && kNames[index] != name) ++index;
    return index;
  }
  static void add_the_part_to_the_names() {}  // not constexpr: calling it is the error

  std::uint8_t index_;
};

}  // namespace weir
