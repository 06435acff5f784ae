#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/arena.h"
#include "core/http/header_id.h"
#include "core/http/header_id_set.h"

namespace weir::http {

// One header field. The name is in lower case. Name and value are views: into the block that was
// read, into the stream's arena, or of literals.
class Header {
 public:
  Header() = default;
  Header(HeaderId id, std::string_view name, std::string_view value)
      : name_(name.data()),
        value_(value.data()),
        value_size_(static_cast<std::uint32_t>(value.size())),
        name_size_(static_cast<std::uint16_t>(name.size())),
        id_(id) {}

  HeaderId id() const { return id_; }
  std::string_view name() const { return {name_, name_size_}; }
  std::string_view value() const { return {value_, value_size_}; }
  bool is(HeaderId id, std::string_view lower_name) const {
    return id_ == id && (id != HeaderId::Other || name() == lower_name);
  }
  // Whether it came out of a parser, and so is a valid field as it is.
  bool parsed() const { return parsed_; }

 private:
  friend class HeaderMap;

  const char* name_ = nullptr;
  const char* value_ = nullptr;
  std::uint32_t value_size_ = 0;
  std::uint16_t name_size_ = 0;
  HeaderId id_ = HeaderId::Other;
  bool parsed_ = false;
};

// Header fields in the order of the message, repeated ones each on its own. Looks up by HeaderId,
// or by lower-case name. Owns no bytes: `*_view` functions keep views that the caller keeps alive
// as long as the map; the others copy into the arena. Not thread-safe.
class HeaderMap {
 public:
  explicit HeaderMap(Arena& arena) : arena_(&arena) {}
  HeaderMap(const HeaderMap&) = delete;
  HeaderMap& operator=(const HeaderMap&) = delete;

  std::span<const Header> all() const { return {entries_, size_}; }
  std::size_t size() const { return size_; }

  // The first value, or nothing.
  std::optional<std::string_view> get(HeaderId id) const;
  std::optional<std::string_view> get(std::string_view lower_name) const;
  bool has(HeaderId id) const { return find(id) != nullptr; }
  // The first field with this id, or null. Never for HeaderId::Other.
  const Header* find(HeaderId id) const {
    if (!seen_.has(id)) return nullptr;
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (entries_[i].id() == id) return entries_ + i;
    }
    return nullptr;
  }

  void add_view(HeaderId id, std::string_view lower_name, std::string_view value) {
    if (size_ == capacity_) grow();
    entries_[size_++] = Header(id, lower_name, value);
    seen_.add(id);
  }
  // The same, for a field whose characters a parser has seen to.
  void add_parsed(HeaderId id, std::string_view lower_name, std::string_view value) {
    add_view(id, lower_name, value);
    entries_[size_ - 1].parsed_ = true;
  }
  void add_view(HeaderId id, std::string_view value) { add_view(id, header_name(id), value); }
  // `name` may be in any case; it must be a token of at most 65535 bytes and `value` a valid field
  // value (checked when the configuration is read, and by the bindings of plugins and scripts).
  void add(std::string_view name, std::string_view value);
  void add(HeaderId id, std::string_view value) { add_view(id, arena_->copy(value)); }
  // Takes the place of all fields of that name; keeps the place of the first.
  void set(std::string_view name, std::string_view value);
  void set(HeaderId id, std::string_view value) { set_view(id, arena_->copy(value)); }
  void set_view(HeaderId id, std::string_view value);
  // Returns how many fields went.
  std::size_t remove(HeaderId id) {
    if (!seen_.has(id)) return 0;
    return remove_if([id](const Header& header) { return header.id() == id; });
  }
  std::size_t remove(std::string_view lower_name);
  // Removes every field for which `predicate(const Header&)` holds; keeps the order of the rest.
  template <typename Predicate>
  std::size_t remove_if(Predicate predicate) {
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (!predicate(static_cast<const Header&>(entries_[i]))) entries_[kept++] = entries_[i];
    }
    const std::size_t removed = size_ - kept;
    size_ = kept;
    return removed;
  }
  void clear() {
    size_ = 0;
    seen_ = {};
  }
  // Forgets everything, the arena's memory too: for reuse after the arena was reset.
  void forget() {
    entries_ = nullptr;
    size_ = capacity_ = 0;
    seen_ = {};
  }
  // The bytes at `from`, which every view is into, are now at `to`.
  void move_views(const char* from, const char* to);
  Arena& arena() const { return *arena_; }
  // False when there is none of these fields for certain, without a search.
  bool may_have_any(const HeaderIdSet& ids) const { return seen_.meets(ids); }

 private:
  void replace(HeaderId id, std::string_view lower_name, std::string_view value);
  void grow();

  Arena* arena_;
  Header* entries_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  // What was added since clear(): most searches are for what is not there.
  HeaderIdSet seen_;
};

}  // namespace weir::http
