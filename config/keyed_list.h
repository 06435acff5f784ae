#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/node.h"

namespace weir::config {

// The items of a keyed list while another layer is put over it: found by name, and with the place
// behind which nothing acts. What is erased leaves an empty place, which goes when this does.
class KeyedList {
 public:
  using NameOf = std::function<std::string(const Node&)>;
  using TakesAll = std::function<bool(const Node&)>;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // `list` outlives this and is changed through this alone.
  KeyedList(Node& list, NameOf name_of, TakesAll takes_all);
  ~KeyedList();
  KeyedList(const KeyedList&) = delete;
  KeyedList& operator=(const KeyedList&) = delete;

  // The place of the item of that name, or kNone.
  std::size_t find(std::string_view name) const;
  Node& item(std::size_t place) { return list_.items()[place]; }
  const Node& item(std::size_t place) const { return list_.items()[place]; }
  std::size_t size() const { return names_.size(); }
  // Empty for those that have none, and for empty places.
  const std::vector<std::string>& names() const { return names_; }
  // The last place where a new item still acts: before the first of the items that were here at the
  // beginning and take all.
  std::size_t last_place() const { return last_place_; }

  void insert(std::size_t place, Node item);
  void erase(std::size_t place);
  // The item at `place` stands before or behind that of `beside` now.
  void move(std::size_t place, std::size_t beside, bool behind);
  // The item at `place` was changed.
  void changed(std::size_t place);

 private:
  void find_last_place();

  Node& list_;
  NameOf name_of_;
  TakesAll takes_all_;
  std::vector<std::string> names_;
  std::vector<bool> erased_;
  std::vector<bool> from_below_;
  std::vector<bool> ends_;  // of those that were here at the beginning: takes all
  std::unordered_map<std::string, std::size_t> uses_;  // of names: most are new
  std::size_t last_place_ = 0;
  mutable std::size_t found_ = 0;  // layers name items in their order, more often than not
};

}  // namespace weir::config
