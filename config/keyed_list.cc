#include "config/keyed_list.h"

#include <algorithm>
#include <utility>

namespace weir::config {
namespace {

template <typename Sequence>
auto at(Sequence& sequence, std::size_t place) {
  return sequence.begin() + static_cast<std::ptrdiff_t>(place);
}

}  // namespace

KeyedList::KeyedList(Node& list, NameOf name_of, TakesAll takes_all)
    : list_(list), name_of_(std::move(name_of)), takes_all_(std::move(takes_all)) {
  for (const Node& item : list_.items()) {
    names_.push_back(name_of_(item));
    ends_.push_back(takes_all_(item));
    ++uses_[names_.back()];
  }
  erased_.assign(names_.size(), false);
  from_below_.assign(names_.size(), true);
  find_last_place();
}

KeyedList::~KeyedList() {
  if (std::find(erased_.begin(), erased_.end(), true) == erased_.end()) return;
  std::vector<Node> kept;
  for (std::size_t i = 0; i < erased_.size(); ++i) {
    if (!erased_[i]) kept.push_back(std::move(list_.items()[i]));
  }
  list_.items() = std::move(kept);
}

std::size_t KeyedList::find(std::string_view name) const {
  if (name.empty() || uses_.find(std::string(name)) == uses_.end()) return kNone;
  const std::size_t begin = uses_.at(std::string(name)) == 1 ? std::min(found_, names_.size()) : 0;
  auto found = std::find(at(names_, begin), names_.end(), name);
  if (found == names_.end()) found = std::find(names_.begin(), names_.end(), name);
  found_ = static_cast<std::size_t>(found - names_.begin());
  return found_;
}

void KeyedList::changed(std::size_t place) {
  ends_[place] = from_below_[place] && takes_all_(list_.items()[place]);
  find_last_place();
}

void KeyedList::insert(std::size_t place, Node item) {
  names_.insert(at(names_, place), name_of_(item));
  erased_.insert(at(erased_, place), false);
  ++uses_[names_[place]];
  from_below_.insert(at(from_below_, place), false);
  ends_.insert(at(ends_, place), false);
  list_.items().insert(at(list_.items(), place), std::move(item));
  if (place <= last_place_) ++last_place_;
}

void KeyedList::erase(std::size_t place) {
  const auto use = uses_.find(names_[place]);
  if (--use->second == 0) uses_.erase(use);
  names_[place].clear();
  list_.items()[place] = Node();
  erased_[place] = true;
  if (!ends_[place]) return;
  ends_[place] = false;
  find_last_place();
}

void KeyedList::move(std::size_t place, std::size_t beside, bool behind) {
  if (place == beside) return;
  const std::size_t gap = beside + (behind ? 1 : 0);
  const auto shift = [&](auto& sequence) {
    if (gap > place) {
      std::rotate(at(sequence, place), at(sequence, place + 1), at(sequence, gap));
    } else {
      std::rotate(at(sequence, gap), at(sequence, place), at(sequence, place + 1));
    }
  };
  shift(names_);
  shift(erased_);
  shift(from_below_);
  shift(ends_);
  shift(list_.items());
  find_last_place();
}

void KeyedList::find_last_place() {
  last_place_ =
      static_cast<std::size_t>(std::find(ends_.begin(), ends_.end(), true) - ends_.begin());
}

}  // namespace weir::config
