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
  // What is known of its characters.
  enum class Form : std::uint8_t {
    Unchecked,
    Valid,  // name and value are valid
    Line,   // the same, and ": " is between them in memory and CR LF behind them
  };

  Header() = default;
  Header(HeaderId id, std::string_view name, std::string_view value, Form form = Form::Unchecked)
      : name_(name.data()),
        value_(value.data()),
        value_size_(static_cast<std::uint32_t>(value.size())),
        name_size_(static_cast<std::uint16_t>(name.size())),
        id_(id),
        form_(form) {}

  HeaderId id() const { return id_; }
  std::string_view name() const { return {name_, name_size_}; }
  std::string_view value() const { return {value_, value_size_}; }
  bool is(HeaderId id, std::string_view lower_name) const {
    return id_ == id && (id != HeaderId::Other || name() == lower_name);
  }
  Form form() const { return form_; }
  // With Form::Line: all of it.
  std::string_view line() const { return {name_, name_size_ + value_size_ + std::size_t{4}}; }

 private:
  friend class HeaderMap;

  const char* name_ = nullptr;
  const char* value_ = nullptr;
  std::uint32_t value_size_ = 0;
  std::uint16_t name_size_ = 0;
  HeaderId id_ = HeaderId::Other;
  Form form_ = Form::Unchecked;
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
    add(Header(id, lower_name, value));
  }
  void add_view(HeaderId id, std::string_view value) { add_view(id, header_name(id), value); }
  // The same, for a field that need not be checked again when it is sent.
  void add_valid(HeaderId id, std::string_view lower_name, std::string_view value) {
    add(Header(id, lower_name, value, Header::Form::Valid));
  }
  void add_valid(HeaderId id, std::string_view value) { add_valid(id, header_name(id), value); }
  // The same, for one that stands in memory as Header::Form::Line says.
  void add_line(HeaderId id, std::string_view lower_name, std::string_view value) {
    add(Header(id, lower_name, value, Header::Form::Line));
  }
  // `name` may be in any case; it must be a token of at most 65535 bytes and `value` a valid field
  // value (checked when the configuration is read, and by the bindings of plugins and scripts).
  void add(std::string_view name, std::string_view value);
  void add(HeaderId id, std::string_view value) { add_view(id, arena_->copy(value)); }
  // Takes the place of all fields of that name; keeps the place of the first.
  void set(std::string_view name, std::string_view value);
  void set(HeaderId id, std::string_view value) { set_view(id, arena_->copy(value)); }
  void set_view(HeaderId id, std::string_view value);
  // The same, for a value that need not be checked again when it is sent.
  void set_valid(HeaderId id, std::string_view value) {
    const Header header(id, header_name(id), value, Header::Form::Valid);
    if (seen_.has(id)) {
      replace(header);
    } else {
      add(header);
    }
  }
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
    while (kept < size_ && !predicate(static_cast<const Header&>(entries_[kept]))) ++kept;
    for (std::uint32_t i = kept + 1; i < size_; ++i) {
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
  void add(const Header& header) {
    if (size_ == capacity_) grow();
    entries_[size_++] = header;
    seen_.add(header.id());
  }
  void replace(const Header& header);
  void grow();

  Arena* arena_;
  Header* entries_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  // What was added since clear(): most searches are for what is not there.
  HeaderIdSet seen_;
};

}  // namespace weir::http
