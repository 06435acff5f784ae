#pragma once

#include "core/event/loop.h"

namespace weir::event {

// Calls `callback(owner)` on the loop's thread for each arrival of a process signal. One that
// hold() kept until then arrives when this is made, in that thread.
class Signal {
 public:
  using Callback = void (*)(void* owner);

  // From here on the signal waits for a Signal: in this thread, and in those that it starts for
  // good.
  static void hold(int number);

  Signal(Loop& loop, int number, void* owner, Callback callback);
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

 private:
  struct Box;

  Box* box_;
};

}  // namespace weir::event
