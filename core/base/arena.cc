#include "core/base/arena.h"

#include <algorithm>

namespace weir {

Arena::~Arena() {
  while (newest_ != nullptr) free_newest();
}

void Arena::free_newest() {
  Chunk* older = newest_->older;
  bytes_held_ -= newest_->size;
  if (account_ != nullptr) account_->give_back(newest_->size);
  ::operator delete(newest_);
  newest_ = older;
}

void Arena::reset() {
  if (newest_ == nullptr) return;
  while (newest_->older != nullptr) free_newest();
  next_ = reinterpret_cast<std::uintptr_t>(newest_ + 1);
  end_ = reinterpret_cast<std::uintptr_t>(newest_) + newest_->size;
}

void* Arena::allocate_chunk(std::size_t bytes, std::size_t alignment) {
  const std::size_t size = std::max(kFirstChunk, bytes + sizeof(Chunk) + alignment);
  if (account_ != nullptr) account_->take(size);
  Chunk* chunk = new (::operator new(size)) Chunk{newest_, size};
  newest_ = chunk;
  bytes_held_ += size;
  next_ = reinterpret_cast<std::uintptr_t>(chunk + 1);
  end_ = reinterpret_cast<std::uintptr_t>(chunk) + size;
  return allocate(bytes, alignment);
}

}  // namespace weir
