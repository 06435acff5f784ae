#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/buffer.h"
#include "core/event/reactor.h"

namespace weir::filters {

// What a request's body needs while it is forwarded.
struct BodyStore {
  Buffer pending;  // came, and was not given to a connection yet
  Buffer replay;   // all of it, shared, while it could be sent again
};

// The stores of one reactor, whose memory is worth keeping.
class BodyStores final : public event::ReactorLocal {
 public:
  static constexpr std::size_t kMaxFree = 256;

  explicit BodyStores(event::Reactor&) {}

  std::unique_ptr<BodyStore> take() {
    if (free_.empty()) return std::make_unique<BodyStore>();
    std::unique_ptr<BodyStore> store = std::move(free_.back());
    free_.pop_back();
    return store;
  }
  void give_back(std::unique_ptr<BodyStore> store) {
    store->pending.clear();
    store->replay.clear();
    if (free_.size() < kMaxFree) free_.push_back(std::move(store));
  }

 private:
  std::vector<std::unique_ptr<BodyStore>> free_;
};

}  // namespace weir::filters
