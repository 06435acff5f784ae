#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "core/base/memory_account.h"

namespace weir {

// Memory that is handed out piece by piece and taken back all at once. Keeps its first chunk over
// reset(), so that a reused arena allocates nothing in steady state. Runs no destructors.
// Not thread-safe.
class Arena {
 public:
  static constexpr std::size_t kFirstChunk = 4096;

  // Its chunks count in `account`; null: in none.
  explicit Arena(MemoryAccount* account = nullptr) : account_(account) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  // `alignment` is a power of two of at most alignof(std::max_align_t).
  void* allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) {
    const std::uintptr_t start = (next_ + alignment - 1) & ~(alignment - 1);
    if (start + bytes > end_) return allocate_chunk(bytes, alignment);
    next_ = start + bytes;
    return reinterpret_cast<void*>(start);
  }
  // The caller destroys the object, if it needs that, before reset().
  template <typename T, typename... Args>
  T* make(Args&&... args) {
    return new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }
  char* allocate_text(std::size_t bytes) { return static_cast<char*>(allocate(bytes, 1)); }
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = allocate_text(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
  // Takes everything back; what was handed out is gone.
  void reset();
  // Bytes of all chunks that are held.
  std::size_t bytes_held() const { return bytes_held_; }

 private:
  struct Chunk {
    Chunk* older;
    std::size_t size;
  };

  void* allocate_chunk(std::size_t bytes, std::size_t alignment);
  void free_newest();

  MemoryAccount* account_;
  Chunk* newest_ = nullptr;
  std::uintptr_t next_ = 0;
  std::uintptr_t end_ = 0;
  std::size_t bytes_held_ = 0;
};

}  // namespace weir
