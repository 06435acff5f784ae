#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/position.h"

namespace weir::config {

template <typename T>
struct Named {
  std::string name;
  Position where;  // of the name
  T value{};
};

// Values by name in written order; no name twice.
template <typename T>
class Map {
 public:
  T& add(std::string name, Position where) {
    return entries_.emplace_back(Named<T>{std::move(name), where, T{}}).value;
  }
  // Linear.
  const T* find(std::string_view name) const {
    for (const Named<T>& entry : entries_) {
      if (entry.name == name) return &entry.value;
    }
    return nullptr;
  }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  void clear() { entries_.clear(); }

 private:
  std::vector<Named<T>> entries_;
};

// A value that keeps its position, for checks that come later and must point at it.
template <typename T>
struct Located {
  T value{};
  Position where;
};

}  // namespace weir::config
