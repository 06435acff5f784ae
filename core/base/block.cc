#include "core/base/block.h"

#include <cstdlib>
#include <new>

namespace weir {
namespace {

// Under AddressSanitizer no block is reused, so that a view that outlived its block is found.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kReuse = false;
#else
constexpr bool kReuse = true;
#endif

}  // namespace

void Block::release() {
  pool_->put_back(this);
}

BlockPool::~BlockPool() {
  WEIR_CHECK(bytes_in_use_ == 0);
  keep(0);
}

void BlockPool::keep(std::size_t blocks) {
  max_free_ = blocks;
  while (free_count_ > max_free_) {
    Block* next = free_->next_free_;
    free(free_);
    free_ = next;
    --free_count_;
  }
}

void BlockPool::wake_waiting() {
  std::size_t count = 1;
  while (!waiting_.empty() && may_get(count++)) waiting_.pop_front()->on_block();
}

BlockRef BlockPool::get() {
  Block* block = free_;
  if (block != nullptr) {
    free_ = block->next_free_;
    --free_count_;
    block->filled_ = 0;
  } else {
    block = allocate(kBlockSize);
  }
  bytes_in_use_ += kBlockSize;
  return BlockRef(block);
}

BlockRef BlockPool::get_large(std::size_t bytes) {
  if (bytes <= kBlockSize) return get();
  Block* block = allocate(static_cast<std::uint32_t>(bytes));
  bytes_in_use_ += block->capacity();
  return BlockRef(block);
}

Block* BlockPool::allocate(std::uint32_t capacity) {
  if (account_ != nullptr) account_->take(sizeof(Block) + capacity);
  return new (::operator new(sizeof(Block) + capacity)) Block(*this, capacity);
}

void BlockPool::free(Block* block) {
  if (account_ != nullptr) account_->give_back(sizeof(Block) + block->capacity());
  ::operator delete(block);
}

void BlockPool::put_back(Block* block) {
  bytes_in_use_ -= block->capacity();
  if (kReuse && block->capacity() == kBlockSize && free_count_ < max_free_) {
    block->next_free_ = free_;
    free_ = block;
    ++free_count_;
  } else {
    free(block);
  }
}

}  // namespace weir
