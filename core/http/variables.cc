#include "core/http/variables.h"

#include <algorithm>
#include <charconv>
#include <memory>

namespace weir::http {

bool Variables::set(std::string_view name, Value value) {
  Entry* entry = find(name);
  if (entry == nullptr) {
    if (size_ == kMax) return false;
    if (size_ == capacity_) grow();
    entry = entries_ + size_++;
    entry->name = arena_->copy(name);
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) value = arena_->copy(*text);
  entry->value = value;
  return true;
}

const Variables::Value* Variables::get(std::string_view name) const {
  const Entry* entry = find(name);
  return entry == nullptr ? nullptr : &entry->value;
}

std::optional<std::string_view> Variables::text(std::string_view name) const {
  const Value* value = get(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = std::get_if<std::string_view>(value)) return *text;
  char space[kMaxNumber];
  return arena_->copy(to_text(*value, space));
}

std::string_view Variables::to_text(const Value& value, std::span<char, kMaxNumber> space) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return *text;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  char* const first = space.data();
  char* const last = first + space.size();
  const auto* integer = std::get_if<std::int64_t>(&value);
  const char* end = integer != nullptr ? std::to_chars(first, last, *integer).ptr
                                       : std::to_chars(first, last, std::get<double>(value)).ptr;
  return {first, end};
}

Variables::Entry* Variables::find(std::string_view name) const {
  Entry* const end = entries_ + size_;
  Entry* const found =
      std::find_if(entries_, end, [name](const Entry& entry) { return entry.name == name; });
  return found == end ? nullptr : found;
}

void Variables::grow() {
  const std::uint32_t capacity = std::max(8u, 2 * capacity_);
  auto* entries = static_cast<Entry*>(arena_->allocate(capacity * sizeof(Entry), alignof(Entry)));
  std::uninitialized_copy_n(entries_, size_, entries);
  std::uninitialized_default_construct_n(entries + size_, capacity - size_);
  entries_ = entries;
  capacity_ = capacity;
}

}  // namespace weir::http
