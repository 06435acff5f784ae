#pragma once

#include <memory>

#include "core/event/loop.h"

namespace weir::event {

enum Events : unsigned {
  kReadable = 1,
  kWritable = 2,
  kHangup = 4,  // the peer shut down its side, or the connection is gone
  kError = 8,   // the connection is gone; alone, the peer's orderly shutdown is not reported
};

// Watches one descriptor, level-triggered. Does not own the descriptor; destroy the Poll before
// closing it. Changing what is wanted costs a system call: do not toggle it for each message.
class Poll {
 public:
  class Owner {
   public:
    // `events` is what is ready of what was wanted. An error of the descriptor arrives as kError,
    // wanted or not, with all that was wanted; the watching then stops until want() is called
    // again. May destroy the Poll.
    virtual void on_events(unsigned events) = 0;

   protected:
    ~Owner() = default;
  };

  Poll(Loop& loop, int descriptor, Owner& owner);
  ~Poll();
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;

  // A set of Events; none stops watching.
  void want(unsigned events);
  unsigned wanted() const;

 private:
  struct Box;

  Box* box_;
};

}  // namespace weir::event
