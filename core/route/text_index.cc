#include "core/route/text_index.h"

#include <cstring>

#include "core/base/check.h"

namespace weir::route {
namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 32;
}

std::uint64_t hash_of(std::uint32_t scope, std::string_view text) {
  std::uint64_t hash = mix(text.size(), scope);
  const char* bytes = text.data();
  std::size_t left = text.size();
  for (; left >= 8; bytes += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    hash = mix(hash, word);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < left; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return mix(hash, word);
}

}  // namespace

std::uint32_t TextIndex::add(std::uint32_t scope, std::string_view text, std::uint32_t value) {
  WEIR_CHECK(value != kNone && texts_.size() + text.size() < UINT32_MAX);
  if (2 * (size_ + 1) > slots_.size()) grow();
  const std::uint64_t hash = hash_of(scope, text);
  Slot& slot = slots_[place(hash, scope, text)];
  if (slot.value != kNone) return slot.value;
  slot = {hash, scope, static_cast<std::uint32_t>(texts_.size()),
          static_cast<std::uint32_t>(text.size()), value};
  texts_ += text;
  ++size_;
  return value;
}

std::uint32_t TextIndex::find(std::uint32_t scope, std::string_view text) const {
  if (empty()) return kNone;
  return slots_[place(hash_of(scope, text), scope, text)].value;
}

std::size_t TextIndex::place(std::uint64_t hash, std::uint32_t scope, std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.value == kNone) return i;
    if (slot.hash == hash && slot.scope == scope &&
        std::string_view(texts_).substr(slot.offset, slot.size) == text) {
      return i;
    }
  }
}

void TextIndex::grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.empty() ? 4 : 2 * old.size(), Slot());
  for (const Slot& slot : old) {
    if (slot.value == kNone) continue;
    const std::string_view text = std::string_view(texts_).substr(slot.offset, slot.size);
    slots_[place(slot.hash, slot.scope, text)] = slot;
  }
}

}  // namespace weir::route
