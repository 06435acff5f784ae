#pragma once

#include "core/event/loop.h"

namespace weir::event {

// Calls `callback(owner)` on the loop's thread for each arrival of a process signal.
class Signal {
 public:
  using Callback = void (*)(void* owner);

  Signal(Loop& loop, int number, void* owner, Callback callback);
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

 private:
  struct Box;

  Box* box_;
};

}  // namespace weir::event
