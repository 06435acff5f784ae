#include "core/http/header_map.h"

#include <memory>

#include "core/base/check.h"
#include "core/http/chars.h"

namespace weir::http {
namespace {

constexpr std::uint32_t kFirstCapacity = 16;

std::string_view lower_copy(Arena& arena, std::string_view name) {
  char* to = arena.allocate_text(name.size());
  for (std::size_t i = 0; i < name.size(); ++i) to[i] = ascii_lower(name[i]);
  return {to, name.size()};
}

// The literal of a known name needs no copy to live on.
std::string_view lasting_name(HeaderId id, std::string_view lower_name) {
  return id == HeaderId::Other ? lower_name : header_name(id);
}

}  // namespace

std::optional<std::string_view> HeaderMap::get(HeaderId id) const {
  const Header* header = find(id);
  if (header == nullptr) return std::nullopt;
  return header->value();
}

std::optional<std::string_view> HeaderMap::get(std::string_view lower_name) const {
  const HeaderId id = header_id(lower_name);
  for (const Header& header : all()) {
    if (header.is(id, lower_name)) return header.value();
  }
  return std::nullopt;
}

void HeaderMap::add(std::string_view name, std::string_view value) {
  const std::string_view lower = lower_copy(*arena_, name);
  const HeaderId id = header_id(lower);
  WEIR_ASSERT(is_token(lower) && is_field_value(value));
  add_view(id, lasting_name(id, lower), arena_->copy(value));
}

void HeaderMap::set(std::string_view name, std::string_view value) {
  const std::string_view lower = lower_copy(*arena_, name);
  const HeaderId id = header_id(lower);
  WEIR_ASSERT(is_token(lower) && is_field_value(value));
  replace(Header(id, lasting_name(id, lower), arena_->copy(value)));
}

void HeaderMap::set_view(HeaderId id, std::string_view value) {
  replace(Header(id, header_name(id), value));
}

void HeaderMap::replace(const Header& header) {
  if (!seen_.has(header.id())) {
    add(header);
    return;
  }
  Header* place = nullptr;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < size_; ++i) {
    if (!entries_[i].is(header.id(), header.name())) {
      entries_[kept++] = entries_[i];
    } else if (place == nullptr) {
      place = entries_ + kept++;
    }
  }
  size_ = kept;
  if (place == nullptr) {
    add(header);
  } else {
    *place = header;
  }
}

std::size_t HeaderMap::remove(std::string_view lower_name) {
  const HeaderId id = header_id(lower_name);
  return remove_if([=](const Header& header) { return header.is(id, lower_name); });
}

void HeaderMap::move_views(const char* from, const char* to) {
  // `from` may be gone, so its address is all that is used.
  const auto moved = [=](const char* view) {
    return to + (reinterpret_cast<std::uintptr_t>(view) - reinterpret_cast<std::uintptr_t>(from));
  };
  for (Header& header : std::span(entries_, size_)) {
    header.name_ = moved(header.name_);
    header.value_ = moved(header.value_);
  }
}

void HeaderMap::grow() {
  const std::uint32_t capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
  auto* entries =
      static_cast<Header*>(arena_->allocate(capacity * sizeof(Header), alignof(Header)));
  std::uninitialized_copy_n(entries_, size_, entries);
  entries_ = entries;
  capacity_ = capacity;
}

}  // namespace weir::http
