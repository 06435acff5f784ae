#include "core/event/poll.h"

#include "core/event/poll_set.h"

namespace weir::event {

Poll::Poll(Loop& loop, int descriptor, Owner& owner)
    : loop_(loop), owner_(owner), id_(loop.polls().add(*this)), descriptor_(descriptor) {}

Poll::~Poll() {
  loop_.polls().remove(*this);
}

void Poll::want(unsigned events) {
  wanted_ = static_cast<std::uint8_t>(events);
  if ((events & ~unsigned{registered_}) != 0) loop_.polls().ask(*this, registered_ | events);
  update_due();
}

void Poll::used_up(unsigned events) {
  if ((ready_ & kHangup) != 0) events &= ~unsigned{kReadable};
  ready_ = static_cast<std::uint8_t>(ready_ & ~events);
  update_due();
}

void Poll::ask_again() {
  ready_ = 0;
  if (registered_ != 0) loop_.polls().ask(*this, registered_);
  update_due();
}

void Poll::update_due() {
  if (due() == 0) {
    unlink();
  } else if (!linked()) {
    loop_.polls().due_.push_back(*this);
  }
}

}  // namespace weir::event
