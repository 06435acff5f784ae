#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/uio.h>

#include "core/base/block.h"

namespace weir {

// A run of bytes inside a block, which it keeps alive; or, without a block, bytes that live as
// long as the process. Never empty inside a Buffer.
class Slice {
 public:
  Slice() = default;
  Slice(BlockRef block, const char* data, std::size_t size)
      : block_(std::move(block)), data_(data), size_(size) {}
  // `text` must be a literal or otherwise live for ever.
  static Slice of_static(std::string_view text) { return {BlockRef(), text.data(), text.size()}; }

  const char* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {data_, size_}; }
  const BlockRef& block() const { return block_; }

  void remove_prefix(std::size_t bytes) {
    WEIR_ASSERT(bytes <= size_);
    data_ += bytes;
    size_ -= bytes;
  }
  void truncate(std::size_t bytes) {
    WEIR_ASSERT(bytes <= size_);
    size_ = bytes;
  }
  // Takes in `bytes` that were written to the block right behind this slice.
  void extend(std::size_t bytes) { size_ += bytes; }

 private:
  BlockRef block_;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// Bytes in order, as slices of blocks. Moving bytes between buffers moves slices and copies
// nothing. Not thread-safe; never crosses threads.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { take(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    if (this != &other) {
      clear();
      take(other);
    }
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::span<const Slice> slices() const { return {slices_.data() + head_, slices_.size() - head_}; }
  // The first contiguous run, empty when the buffer is.
  std::string_view front() const { return empty() ? std::string_view() : slices_[head_].view(); }

  void append(Slice slice);
  // Moves all of `other` behind this.
  void append(Buffer& other);
  void append(Buffer&& other) { append(static_cast<Buffer&>(other)); }
  // Copies `bytes` into blocks of `pool`.
  void append_copy(BlockPool& pool, std::string_view bytes);
  // Moves the first `bytes` of this behind `target`.
  void move_front(std::size_t bytes, Buffer& target);
  // The same bytes again, shared and not copied.
  Buffer share() const;

  void consume(std::size_t bytes);
  void clear() {
    if (!slices_.empty()) drop_all();
  }

  // Makes the first min(bytes, size()) bytes contiguous, copying only when they are not. The copy
  // has room for as many again, up to `bytes` in all, so that what is read next is contiguous with
  // it: however a message comes in, each of its bytes is copied twice at most, taken together.
  std::string_view pull_up(BlockPool& pool, std::size_t bytes);

  // Space to read into: first what is left of the last block, when at least `least` bytes are,
  // then new blocks until `wanted` bytes or all of `space` are used. Returns the number of entries.
  // Nothing else may touch the buffer until commit().
  std::size_t reserve(BlockPool& pool, std::size_t least, std::size_t wanted,
                      std::span<iovec> space);
  // Takes in the first `bytes` of what reserve() gave, and returns unused blocks.
  void commit(std::size_t bytes);

  // Fills `space` with the first slices; returns the number of entries.
  std::size_t gather(std::span<iovec> space) const;

  std::string to_string() const;
  // Bytes of the blocks that this keeps alive, which may be many more than size(). Counts a block
  // anew for each run of slices in it. Looks at each slice.
  std::size_t memory() const;

 private:
  void take(Buffer& other) noexcept;
  void drop_front();
  void drop_all();

  std::vector<Slice> slices_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
  // Slices at the end that reserve() added, empty until commit().
  std::size_t reserved_ = 0;
  bool reserved_tail_ = false;
};

}  // namespace weir
