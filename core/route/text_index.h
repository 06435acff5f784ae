#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::route {

// Numbers by text, as an open hash table in one piece of memory. A scope makes several tables of
// one: the edges of all nodes of a trie, for example. Safe to read from all threads once built. It
// holds texts of the configuration only, so no client can choose what collides.
class TextIndex {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  bool empty() const { return size_ == 0; }
  // The number of this text: `value`, unless it has one already.
  std::uint32_t add(std::uint32_t scope, std::string_view text, std::uint32_t value);
  std::uint32_t add(std::string_view text, std::uint32_t value) { return add(0, text, value); }
  // kNone when it is not there.
  std::uint32_t find(std::uint32_t scope, std::string_view text) const;
  std::uint32_t find(std::string_view text) const { return find(0, text); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t scope = 0;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t value = kNone;  // kNone marks a free slot
  };

  // The slot of this text, or the free one where it belongs.
  std::size_t place(std::uint64_t hash, std::uint32_t scope, std::string_view text) const;
  void grow();

  std::vector<Slot> slots_;  // a power of two of them, at most half in use
  std::string texts_;
  std::size_t size_ = 0;
};

}  // namespace weir::route
