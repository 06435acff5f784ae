#pragma once

#include <cstdint>

#include "core/base/ids.h"
#include "core/base/list.h"
#include "core/event/loop.h"

namespace weir::event {

enum Events : unsigned {
  kReadable = 1,
  kWritable = 2,
  kHangup = 4,  // the peer shut down its side, or the connection is gone
  kError = 8,   // the connection is broken; the peer's orderly shutdown is not reported
};

// Watches one descriptor. What is ready stays so until the owner says that it used it up: the
// system is asked once for each kind of event and not told of interest that comes and goes. Does
// not own the descriptor; destroy the Poll before closing it, or say closed().
class Poll : private ListNode<Poll> {
 public:
  class Owner {
   public:
    // `events` is what is ready of what was wanted; once a round, until it is used up. An error of
    // the descriptor arrives as kError, wanted or not, with all that was wanted; the watching then
    // stops until want() is called again. May destroy the Poll.
    virtual void on_events(unsigned events) = 0;

   protected:
    ~Owner() = default;
  };

  Poll(Loop& loop, int descriptor, Owner& owner);
  ~Poll();
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;

  // A set of Events; none stops watching. A system call only for what was never wanted before.
  void want(unsigned events);
  unsigned wanted() const { return wanted_; }
  // Whether one of these is known to be ready, wanted or not.
  bool ready(unsigned events) const { return (ready_ & events) != 0; }
  // A read or write found nothing, or moved less than was asked: these are ready again when the
  // system says so. After a hangup the end of input is still there to be read.
  void used_up(unsigned events);
  // The same for an owner that cannot tell whether it used up what was ready: asks the system.
  void ask_again();
  // The descriptor has been closed: the system forgot it by itself.
  void closed() { registered_ = 0; }

 private:
  friend class PollSet;
  template <typename T, typename Tag>
  friend class weir::List;

  unsigned due() const { return ready_ & (wanted_ == 0 ? 0 : wanted_ | kError); }
  // Keeps the Poll in the list of those to call exactly while something is due.
  void update_due();

  Loop& loop_;
  Owner& owner_;
  SlotId id_;
  int descriptor_;
  std::uint8_t wanted_ = 0;
  std::uint8_t ready_ = 0;
  std::uint8_t registered_ = 0;  // what the system was asked for
};

}  // namespace weir::event
