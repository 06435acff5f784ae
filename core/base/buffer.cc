#include "core/base/buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {

void Buffer::append(Slice slice) {
  if (slice.size() == 0) return;
  size_ += slice.size();
  if (head_ > 16 && head_ * 2 > slices_.size()) {
    slices_.erase(slices_.begin(), slices_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  if (head_ < slices_.size()) {
    Slice& last = slices_.back();
    if (last.block().get() == slice.block().get() && last.data() + last.size() == slice.data()) {
      last.extend(slice.size());
      return;
    }
  }
  slices_.push_back(std::move(slice));
}

void Buffer::append(Buffer& other) {
  if (empty()) {
    std::swap(slices_, other.slices_);
    std::swap(head_, other.head_);
    std::swap(size_, other.size_);
    other.clear();
    return;
  }
  for (std::size_t i = other.head_; i < other.slices_.size(); ++i) {
    append(std::move(other.slices_[i]));
  }
  other.clear();
}

void Buffer::append_copy(BlockPool& pool, std::string_view bytes) {
  while (!bytes.empty()) {
    BlockRef block;
    if (head_ < slices_.size()) {
      const Slice& last = slices_.back();
      if (last.block() && last.data() + last.size() == last.block()->tail()) block = last.block();
    }
    if (!block || block->room() == 0) block = pool.get();
    const std::size_t part = std::min<std::size_t>(bytes.size(), block->room());
    char* to = block->tail();
    std::memcpy(to, bytes.data(), part);
    block->fill(part);
    append(Slice(std::move(block), to, part));
    bytes.remove_prefix(part);
  }
}

void Buffer::move_front(std::size_t bytes, Buffer& target) {
  WEIR_ASSERT(bytes <= size_);
  if (bytes == size_) {
    target.append(*this);
    return;
  }
  while (bytes > 0) {
    Slice& first = slices_[head_];
    if (first.size() <= bytes) {
      bytes -= first.size();
      size_ -= first.size();
      target.append(std::move(first));
      drop_front();
    } else {
      Slice part = first;
      part.truncate(bytes);
      target.append(std::move(part));
      first.remove_prefix(bytes);
      size_ -= bytes;
      bytes = 0;
    }
  }
}

Buffer Buffer::share() const {
  Buffer same;
  for (const Slice& slice : slices()) same.append(slice);
  return same;
}

void Buffer::consume(std::size_t bytes) {
  WEIR_ASSERT(bytes <= size_);
  if (bytes == size_) {
    clear();
    return;
  }
  size_ -= bytes;
  while (bytes > 0) {
    Slice& first = slices_[head_];
    if (first.size() > bytes) {
      first.remove_prefix(bytes);
      return;
    }
    bytes -= first.size();
    drop_front();
  }
}

void Buffer::drop_all() {
  slices_.clear();
  head_ = 0;
  size_ = 0;
}

std::string_view Buffer::pull_up(BlockPool& pool, std::size_t bytes) {
  const std::size_t most = bytes;
  bytes = std::min(bytes, size_);
  if (bytes == 0 || slices_[head_].size() >= bytes) return front();
  BlockRef block = pool.get_large(std::min(most, 2 * bytes));
  char* const start = block->data();
  std::size_t left = bytes;
  while (left > 0) {
    Slice& first = slices_[head_];
    const std::size_t part = std::min(left, first.size());
    std::memcpy(block->tail(), first.data(), part);
    block->fill(part);
    left -= part;
    if (part == first.size()) {
      drop_front();
    } else {
      first.remove_prefix(part);
    }
  }
  slices_.insert(slices_.begin() + static_cast<std::ptrdiff_t>(head_),
                 Slice(std::move(block), start, bytes));
  return front();
}

std::size_t Buffer::reserve(BlockPool& pool, std::size_t least, std::size_t wanted,
                            std::span<iovec> space) {
  WEIR_ASSERT(reserved_ == 0 && !reserved_tail_);
  std::size_t used = 0;
  std::size_t total = 0;
  if (head_ < slices_.size() && !space.empty()) {
    const Slice& last = slices_.back();
    Block* block = last.block().get();
    if (block != nullptr && block->room() >= least && last.data() + last.size() == block->tail()) {
      space[used++] = {block->tail(), block->room()};
      total += block->room();
      reserved_tail_ = true;
    }
  }
  while (total < wanted && used < space.size()) {
    BlockRef block = pool.get();
    space[used++] = {block->data(), block->capacity()};
    total += block->capacity();
    const char* start = block->data();
    slices_.emplace_back(std::move(block), start, 0);
    ++reserved_;
  }
  return used;
}

void Buffer::commit(std::size_t bytes) {
  size_ += bytes;
  std::size_t index = slices_.size() - reserved_;
  if (reserved_tail_) {
    Slice& last = slices_[index - 1];
    const std::size_t part = std::min<std::size_t>(bytes, last.block()->room());
    last.block()->fill(part);
    last.extend(part);
    bytes -= part;
  }
  for (; bytes > 0; ++index) {
    Slice& slice = slices_[index];
    const std::size_t part = std::min<std::size_t>(bytes, slice.block()->room());
    slice.block()->fill(part);
    slice.extend(part);
    bytes -= part;
  }
  slices_.resize(index);
  reserved_ = 0;
  reserved_tail_ = false;
  if (size_ == 0) clear();
}

std::size_t Buffer::gather(std::span<iovec> space) const {
  std::size_t used = 0;
  for (const Slice& slice : slices()) {
    if (used == space.size()) break;
    space[used++] = {const_cast<char*>(slice.data()), slice.size()};
  }
  return used;
}

std::string Buffer::to_string() const {
  std::string text;
  text.reserve(size_);
  for (const Slice& slice : slices()) text += slice.view();
  return text;
}

std::size_t Buffer::memory() const {
  std::size_t bytes = 0;
  const Block* last = nullptr;
  for (const Slice& slice : slices()) {
    const Block* block = slice.block().get();
    if (block != nullptr && block != last) bytes += block->capacity();
    last = block;
  }
  return bytes;
}

void Buffer::take(Buffer& other) noexcept {
  slices_ = std::exchange(other.slices_, {});
  head_ = std::exchange(other.head_, 0);
  size_ = std::exchange(other.size_, 0);
}

void Buffer::drop_front() {
  slices_[head_] = Slice();
  ++head_;
}

}  // namespace weir
