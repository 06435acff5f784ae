#pragma once

#include "core/base/ids.h"
#include "core/base/list.h"
#include "core/event/poll.h"

namespace weir::event {

// The descriptors that a loop watches: one epoll set, edge-triggered. Costs one system call for
// each descriptor in its life and one for each batch of events. Belongs to its loop.
class PollSet {
 public:
  explicit PollSet(Loop& loop);
  // Every Poll must be gone.
  ~PollSet();
  PollSet(const PollSet&) = delete;
  PollSet& operator=(const PollSet&) = delete;

  // Watches the descriptor of another set of descriptors too, level-triggered.
  void include(int descriptor);
  // Waits up to `timeout_ms`, or without end when that is negative, and learns of all that became
  // ready; calls nobody. Returns whether the included set has something ready.
  bool collect(int timeout_ms);
  // Calls each owner for which something is due, once, several in a turn: what they write goes out
  // one behind the other, with the code of that still warm, and wakes the peers less often.
  void dispatch();
  bool any_due() const { return !due_.empty(); }

 private:
  friend class Poll;

  SlotId add(Poll& poll) { return slots_.add(poll); }
  void remove(Poll& poll);
  // Has the system report `events` of the descriptor, also if they are ready already.
  void ask(Poll& poll, unsigned events);

  Loop& loop_;
  int descriptor_;
  // Events name a Poll by id: a descriptor whose copy lives on, in a child that is about to
  // execute a program, may be reported when its Poll is long gone.
  SlotMap<Poll> slots_;
  List<Poll> due_;
};

}  // namespace weir::event
