#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/check.h"
#include "core/base/list.h"
#include "core/base/memory_account.h"

namespace weir {

class BlockPool;

// A piece of memory that messages are read into and written from, shared by the slices that view
// it. Counted without atomics: a block never leaves the thread of its pool.
class Block {
 public:
  char* data() { return reinterpret_cast<char*>(this + 1); }
  std::uint32_t capacity() const { return capacity_; }
  // Bytes from the start that some slice may view; what follows may still be written.
  std::uint32_t filled() const { return filled_; }
  std::uint32_t room() const { return capacity_ - filled_; }
  char* tail() { return data() + filled_; }
  void fill(std::size_t bytes) {
    WEIR_ASSERT(bytes <= room());
    filled_ += static_cast<std::uint32_t>(bytes);
  }

  void add_use() { ++uses_; }
  void drop_use() {
    if (--uses_ == 0) release();
  }
  bool shared() const { return uses_ > 1; }

 private:
  friend class BlockPool;

  Block(BlockPool& pool, std::uint32_t capacity) : pool_(&pool), capacity_(capacity) {}
  void release();

  BlockPool* pool_;
  Block* next_free_ = nullptr;
  std::uint32_t uses_ = 0;
  std::uint32_t capacity_;
  std::uint32_t filled_ = 0;
};

// Owns one use of a block.
class BlockRef {
 public:
  BlockRef() = default;
  explicit BlockRef(Block* block) : block_(block) {
    if (block_) block_->add_use();
  }
  BlockRef(const BlockRef& other) : BlockRef(other.block_) {}
  BlockRef(BlockRef&& other) noexcept : block_(other.block_) { other.block_ = nullptr; }
  BlockRef& operator=(BlockRef other) noexcept {
    Block* mine = block_;
    block_ = other.block_;
    other.block_ = mine;
    return *this;
  }
  ~BlockRef() {
    if (block_) block_->drop_use();
  }

  Block* get() const { return block_; }
  Block* operator->() const { return block_; }
  explicit operator bool() const { return block_ != nullptr; }
  void reset() { *this = BlockRef(); }

 private:
  Block* block_ = nullptr;
};

// Somebody who can wait for memory. Leaves the queue when it is destroyed.
class BlockWaiter : public ListNode<BlockWaiter> {
 public:
  // A block can be had again. It may ask at the end of this turn, not at once.
  virtual void on_block() = 0;

 protected:
  ~BlockWaiter() = default;
};

// Blocks of one reactor, most recently used first, so that they are warm. Not thread-safe. Every
// block must be back before the pool is destroyed.
class BlockPool {
 public:
  static constexpr std::uint32_t kBlockSize = 16 * 1024 - sizeof(Block);
  // Blocks that are kept for reuse; more are given back to the allocator.
  static constexpr std::size_t kMaxFree = 1024;

  // Its blocks count in `account`, those that are kept for reuse too; null: in none.
  explicit BlockPool(MemoryAccount* account = nullptr) : account_(account) {}
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool();

  // A block with kBlockSize bytes, empty.
  BlockRef get();
  // A block with at least `bytes` bytes, for what must be contiguous and does not fit a usual one.
  BlockRef get_large(std::size_t bytes);

  // Whether the memory budget has room for `count` blocks. Whoever can wait asks before get().
  bool may_get(std::size_t count) const {
    return free_count_ >= count || account_ == nullptr ||
           (count - free_count_) * (sizeof(Block) + kBlockSize) <= account_->room();
  }
  // Queues who found no room, first come first served.
  void wait(BlockWaiter& waiter) {
    if (!waiter.linked()) waiting_.push_back(waiter);
  }
  // Tells as many of them as there is room for.
  void wake_waiting();
  // How many blocks are kept for reuse from here on; what is too much goes at once.
  void keep(std::size_t blocks);

  // Bytes of all blocks in use now.
  std::size_t bytes_in_use() const { return bytes_in_use_; }

 private:
  friend class Block;

  Block* allocate(std::uint32_t capacity);
  void put_back(Block* block);
  void free(Block* block);

  MemoryAccount* account_;
  List<BlockWaiter> waiting_;
  Block* free_ = nullptr;
  std::size_t free_count_ = 0;
  std::size_t max_free_ = kMaxFree;
  std::size_t bytes_in_use_ = 0;
};

}  // namespace weir
