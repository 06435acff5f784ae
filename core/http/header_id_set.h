#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "core/http/header_id.h"

namespace weir::http {

// A set of header names that Weir knows; HeaderId::Other stands for all others.
class HeaderIdSet {
 public:
  constexpr HeaderIdSet() = default;
  constexpr HeaderIdSet(std::initializer_list<HeaderId> ids) {
    for (const HeaderId id : ids) add(id);
  }

  constexpr void add(HeaderId id) { words_[word(id)] |= bit(id); }
  constexpr HeaderIdSet with(HeaderId id) const {
    HeaderIdSet more = *this;
    more.add(id);
    return more;
  }
  constexpr bool has(HeaderId id) const { return (words_[word(id)] & bit(id)) != 0; }
  constexpr bool meets(const HeaderIdSet& other) const {
    bool any = false;
    for (std::size_t i = 0; i < words_.size(); ++i) any |= (words_[i] & other.words_[i]) != 0;
    return any;
  }

 private:
  static constexpr std::size_t word(HeaderId id) { return static_cast<std::size_t>(id) / 64; }
  static constexpr std::uint64_t bit(HeaderId id) {
    return std::uint64_t{1} << (static_cast<unsigned>(id) % 64);
  }

  std::array<std::uint64_t, static_cast<std::size_t>(HeaderId::kCount) / 64 + 1> words_ = {};
};

}  // namespace weir::http
